import * as z from 'zod';
import type { LanguageModel, Origin, SeenLine } from '#src/core/model.ts';
import { clip } from '#src/core/text.ts';
import { askObject } from '#src/models/structured.ts';
import { cleanLine } from '#src/persona/text.ts';
import { rephraseRequest } from '#src/prompt/requests.ts';

/** So many of the lines before tell what the last one means by "he" and "there". */
const LINES_SHOWN = 6;
const LONGEST_QUERY_IN_CHARACTERS = 300;

const rephraseSchema = z.object({
  query: z
    .string()
    .overwrite((text) => clip(cleanLine(text), LONGEST_QUERY_IN_CHARACTERS))
    .describe('What to look for, in one sentence'),
});

/**
 * What to look for in an NPC's memory before it answers the last line of its transcript, in words that stand by
 * themselves.
 * @throws ModelError where the model fails, or `signal` aborts.
 */
export type Rephrase = (
  asked: { readonly name: string; readonly transcript: readonly SeenLine[] },
  origin: Origin,
  signal: AbortSignal,
) => Promise<string>;

/** Has a model say it. */
export function rephraseBy(model: LanguageModel): Rephrase {
  return async ({ name, transcript }, origin, signal) => {
    const lines = transcript.slice(-LINES_SHOWN).map(({ speaker, speakerKind, text }) => {
      return { speaker: speakerKind === 'gm' ? '' : speaker, text };
    });
    const request = rephraseRequest({ kind: 'rephrase', name, lines }, origin);
    const check = ({ query }: z.infer<typeof rephraseSchema>) =>
      /[\p{L}\p{N}]/u.test(query) ? [] : ['query says nothing'];
    return (await askObject(model, request, rephraseSchema, { signal, check })).query;
  };
}
