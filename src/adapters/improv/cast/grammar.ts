import type { Random } from '../random.ts';

/** Somebody that a text speaks of: how they are called in it, and the pronouns that agree with them. */
export interface Someone {
  readonly called: string;
  readonly pronouns: string;
}

/** What fills a pattern: plain texts by slot, and people, of whom `self` is the one the text is about. */
export interface Slots {
  readonly self: Someone;
  readonly people: Readonly<Record<string, Someone>>;
  readonly texts: Readonly<Record<string, string>>;
}

interface Forms {
  readonly isPlural: boolean;
  readonly they: string;
  readonly them: string;
  readonly their: string;
  readonly theirs: string;
  readonly themself: string;
  readonly sibling: string;
}

const SHE: Forms = {
  isPlural: false,
  they: 'she',
  them: 'her',
  their: 'her',
  theirs: 'hers',
  themself: 'herself',
  sibling: 'sister',
};
const HE: Forms = {
  isPlural: false,
  they: 'he',
  them: 'him',
  their: 'his',
  theirs: 'his',
  themself: 'himself',
  sibling: 'brother',
};
const THEY: Forms = {
  isPlural: true,
  they: 'they',
  them: 'them',
  their: 'their',
  theirs: 'theirs',
  themself: 'themself',
  sibling: 'sibling',
};

/** The forms that go with pronouns as a person writes them; those of their own making are met with "they". */
function formsOf(pronouns: string): Forms {
  const first = pronouns.trim().toLowerCase().split('/')[0];
  return first === 'she' ? SHE : first === 'he' ? HE : THEY;
}

const IRREGULAR: Readonly<Record<string, string>> = {
  is: 'are',
  was: 'were',
  has: 'have',
  does: 'do',
  goes: 'go',
};

/** "watches" → "watch", "carries" → "carry", "knows" → "know". */
function pluralVerb(verb: string): string {
  return (
    IRREGULAR[verb] ??
    verb
      .replace(/ies$/u, 'y')
      .replace(/(sh|ch|ss|x|zz)es$/u, '$1')
      .replace(/([^s])s$/u, '$1')
  );
}

/** A word that follows somebody's pronouns, or undefined where it is none: "they", "Their", "s", "is", "knows". */
function agreeing(word: string, pronouns: string): string | undefined {
  const forms = formsOf(pronouns);
  const lower = word.charAt(0).toLowerCase() + word.slice(1);
  switch (lower) {
    case 'they':
    case 'them':
    case 'their':
    case 'theirs':
    case 'themself':
    case 'sibling':
      return word === lower ? forms[lower] : capitalised(forms[lower]);
    case 's':
    case 'es':
      return forms.isPlural ? '' : lower;
    default:
      if (!/^[a-z]+s$/u.test(word)) return undefined;
      return forms.isPlural ? pluralVerb(word) : word;
  }
}

/**
 * Fills a pattern. `[a|b]` is one of the two; `{slot}` a text or a person's name; `{they}`, `{has}`, `{knows}`, `{s}`
 * agree with who it is about, `{person.they}` with another. Throws RangeError for a slot that nothing fills.
 */
export function render(pattern: string, slots: Slots, random: Random): string {
  const chosen = pattern.replace(/\[([^[\]]*\|[^[\]]*)\]/gu, (_, choices: string) =>
    random.pick(choices.split('|')),
  );
  const filled = chosen.replace(/\{([^{}]+)\}/gu, (_, token: string) => {
    const [first = '', second] = token.split('.');
    const text =
      second === undefined
        ? (slots.texts[first] ?? slots.people[first]?.called ?? agreeing(first, slots.self.pronouns))
        : agreeing(second, slots.people[first]?.pronouns ?? '');
    if (text === undefined) throw new RangeError(`Nothing fills the slot {${token}}.`);
    return text;
  });
  return filled.replace(/ {2,}/gu, ' ').replace(/\b([Aa])n? (?=["'“‘]?([\p{L}-]+))/gu, article);
}

/** Vowels that are spoken as consonants, and the reverse. */
const CONSONANT_SOUND = /^(?:one|once|uni|use|usu|eu|ewe|u-)/iu;
const VOWEL_SOUND = /^(?:hour|honest|honou?r|heir)/iu;

function article(written: string, letter: string, next: string): string {
  // "A" before a lone letter or in a list of letters is no article.
  if (next.length === 1) return written;
  const isVowel = (/^[aeiou]/iu.test(next) && !CONSONANT_SOUND.test(next)) || VOWEL_SOUND.test(next);
  return `${letter}${isVowel ? 'n' : ''} `;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A rendered pattern as whole sentences: each begins with a capital. */
export function sentences(text: string): string {
  return text.replace(
    /(^|[.!?] )(["'‘“]?\p{Ll})/gu,
    (_, before: string, first: string) => before + first.toUpperCase(),
  );
}

/** The longest run of a pattern that never changes: by it a text made from the pattern is known again. */
export function fixedPart(pattern: string): string {
  const runs = pattern.split(/\[[^[\]]*\|[^[\]]*\]|\{[^{}]*\}/u).map((run) => run.trim());
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

/** Shorter runs turn up by chance. In characters. */
const SHORTEST_ECHO = 10;

/** Whether a text was made from a pattern. */
export function echoes(text: string, pattern: string): boolean {
  const fixed = fixedPart(pattern);
  return fixed.length >= SHORTEST_ECHO && text.toLowerCase().includes(fixed.toLowerCase());
}
