import type { Notice } from '#src/core/view.ts';

/** The bar beside a notice, as 0xRRGGBB; what is plain has none. The words say it too: nobody needs to see the colour. */
export const TONE_COLOURS: Readonly<Record<Notice['tone'], number | undefined>> = {
  plain: undefined,
  good: 0x4f9d69,
  hint: 0x7f8c9b,
  refusal: 0xd9a441,
  trouble: 0xc8553d,
};

/** Distinct, and readable on Discord's light and dark grounds. */
const NAME_COLOURS = [0x5b8def, 0xb565a7, 0x3ba99c, 0xe07a5f, 0x8a7bd1, 0x6a994e, 0xd4a373, 0x4d7ea8];

/** The same name always has the same colour. */
export function colourOfName(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 0x7fffffff;
  return NAME_COLOURS[hash % NAME_COLOURS.length] ?? 0x5b8def;
}
