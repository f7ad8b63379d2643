import { IRREGULAR_FORMS } from './irregular-forms.ts';

const VOWELS = 'aeiouy';
const DOUBLES = new Set(['bb', 'dd', 'ff', 'gg', 'mm', 'nn', 'pp', 'rr', 'tt']);
const UNCHANGED = new Set([
  'news',
  'atlas',
  'cosmos',
  'bias',
  'andes',
  'inning',
  'outing',
  'canning',
  'herring',
  'earring',
  'proceed',
  'exceed',
  'succeed',
]);

/** "Horsemen", "guardsmen"; "men" and "women" are irregular forms. */
const MEN = /^[a-z]{3,}(?<!speci|regi|acu|o)men$/u;

const STEP_2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['ization', 'ize'],
  ['isation', 'ize'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['entli', 'ent'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ousli', 'ous'],
  ['iviti', 'ive'],
  ['fulli', 'ful'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['izer', 'ize'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['bli', 'ble'],
];
const STEP_3: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['alise', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const STEP_4 = [
  'ement',
  'ance',
  'ence',
  'able',
  'ible',
  'ment',
  'ant',
  'ent',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'ise',
  'al',
  'er',
  'ic',
];
const LI_ENDINGS = 'cdeghkmnrt';

/**
 * What the forms of one English word share: "promises", "promised" → "promis". After Porter's second
 * algorithm (snowballstem.org/algorithms/english), with irregular forms ("went" → "go") taken first.
 * Words that are not in lower-case Latin letters come back as they are.
 */
export function stem(word: string): string {
  const plain = IRREGULAR_FORMS.get(word) ?? (MEN.test(word) ? `${word.slice(0, -2)}an` : word);
  if (plain.length < 3 || UNCHANGED.has(plain) || !/^[a-z']+$/u.test(plain)) return plain;
  // A "y" that is a consonant is written "Y", so that every "y" below is a vowel.
  let text = plain.replace(/^y/u, 'Y').replace(/([aeiouy])y/gu, '$1Y');
  const start1 = /^(?:gener|commun|arsen)/u.exec(text)?.[0].length ?? region(text, 0);
  const start2 = region(text, start1);
  text = plural(text);
  text = participle(text, start1);
  if (text.length > 2 && /[^aeiouy][yY]$/u.test(text)) text = `${text.slice(0, -1)}i`;
  text = replaceEnding(text, STEP_2, start1);
  if (text.endsWith('ogi') && text.at(-4) === 'l' && text.length - 3 >= start1) text = text.slice(0, -1);
  else if (text.endsWith('li') && text.length - 2 >= start1 && LI_ENDINGS.includes(text.at(-3) ?? '-'))
    text = text.slice(0, -2);
  text = replaceEnding(text, STEP_3, start1);
  if (text.endsWith('ative') && text.length - 5 >= start2) text = text.slice(0, -5);
  text = withoutSuffix(text, start2);
  if (text.endsWith('e')) {
    const before = text.length - 1;
    if (before >= start2 || (before >= start1 && !endsInShortSyllable(text.slice(0, -1))))
      text = text.slice(0, -1);
  } else if (text.endsWith('ll') && text.length - 1 >= start2) text = text.slice(0, -1);
  return text.toLowerCase();
}

/** Where the part after the first consonant behind a vowel starts, looking from `from`. */
function region(text: string, from: number): number {
  let index = from;
  while (index < text.length && !VOWELS.includes(text.charAt(index))) index += 1;
  while (index < text.length && VOWELS.includes(text.charAt(index))) index += 1;
  return Math.min(index + 1, text.length);
}

function plural(text: string): string {
  const bare = text.replace(/'s?'?$/u, '');
  if (bare.endsWith('sses')) return bare.slice(0, -2);
  if (/ie[sd]$/u.test(bare)) return bare.slice(0, bare.length > 4 ? -2 : -1);
  if (/(?:us|ss)$/u.test(bare)) return bare;
  return /[aeiouy].+s$/u.test(bare) ? bare.slice(0, -1) : bare;
}

function participle(text: string, start1: number): string {
  const agreed = /ee(?:d|dly)$/u.exec(text);
  if (agreed !== null) return agreed.index >= start1 ? text.slice(0, agreed.index + 2) : text;
  const ending = /(?:ingly|edly|ing|ed)$/u.exec(text);
  if (ending === null) return text;
  const base = text.slice(0, ending.index);
  if (!/[aeiouy]/u.test(base)) return text;
  if (/(?:at|bl|iz)$/u.test(base)) return `${base}e`;
  if (DOUBLES.has(base.slice(-2))) return base.slice(0, -1);
  return base.length <= start1 && endsInShortSyllable(base) ? `${base}e` : base;
}

function endsInShortSyllable(text: string): boolean {
  return /(?:^[aeiouy][^aeiouy]|[^aeiouy][aeiouy][^aeiouywxY])$/u.test(text);
}

function replaceEnding(text: string, endings: readonly (readonly [string, string])[], start: number): string {
  for (const [ending, replacement] of endings) {
    if (!text.endsWith(ending)) continue;
    const at = text.length - ending.length;
    return at >= start ? text.slice(0, at) + replacement : text;
  }
  return text;
}

function withoutSuffix(text: string, start2: number): string {
  for (const suffix of STEP_4) {
    if (!text.endsWith(suffix)) continue;
    const at = text.length - suffix.length;
    return at >= start2 ? text.slice(0, at) : text;
  }
  const ion = text.endsWith('ion') && 'st'.includes(text.at(-4) ?? '-') && text.length - 3 >= start2;
  return ion ? text.slice(0, -3) : text;
}
