import { nameKey } from '#src/core/names.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import type { GateRule } from './gate.ts';

/** Names under which a model writes other people's parts, whoever is present. */
const SCRIPT_ROLES = [
  'gm',
  'game master',
  'dm',
  'player',
  'user',
  'human',
  'assistant',
  'system',
  'narrator',
  'npc',
];

/** A label as in a script, at the start of a sentence: `Bram:`, `**Bram** (quietly):`, `[Bram]:`. */
const LABEL =
  /^[\s*_"“'[(>#-]*(\p{L}[\p{L}\p{M}\p{N}'’. -]{0,59}?)[*_\])]*\s*(?:\([^()]{0,80}\)\s*)?[*_]*:(?!\/\/)[*_]*\s*/u;

/** A part written for whoever reads: `You say, "…"`. */
const PART_FOR_READER = /^\s*you (?:say|reply|answer|ask|whisper|shout|mutter|respond)\b[^"“]{0,60}["“]/iu;

/**
 * Takes the sting out of text: nothing in it moves a cursor, hides or reverses text, pings anybody or disguises a
 * link. Platforms escape what is special to them alone; this is what no platform may act on.
 */
export const harmlessText: GateRule = {
  name: 'harmless text',
  judge: (sentence) => ({
    pass: withoutActingCharacters(sentence)
      // Mentions, channels and commands: <@1>, <#1>, <!here>, </roll:1>, <:emoji:1>, <https://…>.
      .replace(/<(?=[@#!&/:a-z])/giu, '‹')
      .replace(/@(?=everyone|here|channel)/giu, '@ ')
      // A masked link shows one address and opens another.
      .replace(/\]\(/gu, '] ('),
  }),
};

/**
 * An NPC speaks for nobody else. Its own name before its words is taken away; another's is held back.
 * @param own the NPC's name and aliases.
 * @param others names and aliases of everybody else in the scene, and of the campaign's other NPCs.
 */
export function speaksForItself(own: readonly string[], others: readonly string[]): GateRule {
  const ownKeys = new Set(own.flatMap(spellings));
  const otherKeys = new Set(
    [...others.flatMap(spellings), ...SCRIPT_ROLES].filter((key) => !ownKeys.has(key)),
  );
  return {
    name: 'speaks for itself',
    judge: (sentence) => {
      let text = sentence;
      for (let label = LABEL.exec(text); label !== null; label = LABEL.exec(text)) {
        const key = nameKey(label[1] ?? '');
        if (ownKeys.has(key)) text = text.slice(label[0].length);
        else if (otherKeys.has(key))
          return { complaint: `it wrote the words of ${label[1] ?? 'somebody else'}` };
        else break;
      }
      if (PART_FOR_READER.test(text)) return { complaint: 'it wrote what the other person says' };
      return { pass: text };
    },
  };
}

/** The whole name and its first word: models shorten "Tilda Marsh" to "Tilda". */
function spellings(name: string): string[] {
  const key = nameKey(name);
  return [key, key.split(' ')[0] ?? key];
}
