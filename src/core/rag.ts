/**
 * What is looked up for an NPC's turn beside the lines it just witnessed: nothing; what it still has in mind of older
 * times; that, with the memories and the lore that bear on the line to answer; those found by a question that a model
 * rewrites, too.
 */
export const RAG_MODES = ['disabled', 'basic', 'hybrid', 'full'] as const;
export type RagMode = (typeof RAG_MODES)[number];

export const USUAL_RAG_MODE: RagMode = 'hybrid';
