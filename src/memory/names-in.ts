/** Longer ones are no names. */
const LONGEST_IN_WORDS = 3;
/** A capital letter behind another word: what begins a sentence may be any word. */
const INSIDE = /(?<=[\p{Ll}\p{N},;:'’"“(–-]\s["“'‘(]?)\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}[\p{L}\p{M}'’-]+)*/gu;

/** What looks like names in a text, each once, in their order: "the mill of Old Garrick" names Old Garrick. */
export function namesIn(text: string): readonly string[] {
  const found = text.match(INSIDE) ?? [];
  return [...new Set(found.map((name) => name.replace(/['’]s?$/u, '')))].filter(
    (name) => name.length > 2 && name.split(' ').length <= LONGEST_IN_WORDS,
  );
}
