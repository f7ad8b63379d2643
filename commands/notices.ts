import type { Npc, NpcStatus } from '#src/core/entities.ts';
import type { Persona } from '#src/core/persona.ts';
import type { Action, Block, Notice } from '#src/core/view.ts';
import { cardView } from '#src/persona/card-view.ts';

/** A notice of one sentence and whatever else it shows. */
export function good(text: string, blocks: readonly Block[] = [], actions: readonly Action[] = []): Notice {
  return { tone: 'good', blocks: [{ kind: 'text', text }, ...blocks], actions };
}

/** A notice that only shows something. */
export function shown(blocks: readonly Block[], actions: readonly Action[] = []): Notice {
  return { tone: 'plain', blocks, actions };
}

/** The whole sheet, for the GM who asked. */
export function sheet(npc: { readonly persona: Persona; readonly status?: NpcStatus }): Block {
  return { kind: 'card', card: cardView(npc, 'gm') };
}

/** What anybody may see of an NPC: others may be reading along. `/npc show` has the rest. */
export function glimpse(npc: Npc): Block {
  return { kind: 'card', card: cardView(npc, 'everyone') };
}

/** The way to the whole sheet. */
export function showAction(name: string): Action {
  return { label: 'Show', command: 'npc show', options: { npc: name } };
}

/** Brings an NPC on stage. */
export function talkAction(name: string): Action {
  return { label: 'Talk', command: 'npc talk', options: { npc: name } };
}

/** Brings back who is discarded. */
export function restoreAction(name: string): Action {
  return { label: 'Restore', command: 'npc restore', options: { npc: name } };
}

/** Takes back the change that made an NPC's newest version. */
export function undoAction({ persona: { name }, version }: Npc): Action {
  return { label: 'Undo', command: 'npc restore', options: { npc: name, version: String(version - 1) } };
}

/** A time as a person reads it: "2026-11-20 19:42", in the machine's own time zone. */
export function timeText(timeInMs: number): string {
  return new Date(timeInMs).toLocaleString('sv').slice(0, 16);
}
