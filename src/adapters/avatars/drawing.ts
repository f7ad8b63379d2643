/** All that a drawn picture depends on: few enough that strangers cannot ask for endlessly many. */
export interface Portrait {
  /** Colours and pattern, from 0 to LOOKS - 1. */
  readonly look: number;
  readonly initials: readonly string[];
}

/** Colours of a picture, as SVG has them. */
interface Palette {
  readonly light: string;
  readonly dark: string;
  /** Of the pattern. */
  readonly accent: string;
}

/** Deep enough everywhere for cream letters to be read, and apart enough to be told from each other. */
export const PALETTES: readonly Palette[] = [
  { light: '#8c2f39', dark: '#5a1a26', accent: '#d9777a' },
  { light: '#a0461f', dark: '#6b2a12', accent: '#e59866' },
  { light: '#8a5a14', dark: '#5c390b', accent: '#e0b252' },
  { light: '#6b6a1a', dark: '#43430f', accent: '#c4c15a' },
  { light: '#4a7028', dark: '#2c4717', accent: '#9cc46e' },
  { light: '#23754a', dark: '#124a2e', accent: '#6fc797' },
  { light: '#17726e', dark: '#0c4846', accent: '#62c2bb' },
  { light: '#1f6a8c', dark: '#12435b', accent: '#6bb6d6' },
  { light: '#2c5aa0', dark: '#193867', accent: '#7fa8e6' },
  { light: '#4a4fa8', dark: '#2c2f6c', accent: '#9ea2ec' },
  { light: '#6b4299', dark: '#432761', accent: '#b993e0' },
  { light: '#8a3a86', dark: '#582355', accent: '#d58ad0' },
  { light: '#9b3163', dark: '#641b3e', accent: '#e283ab' },
  { light: '#5d5148', dark: '#3a312b', accent: '#b3a293' },
  { light: '#4a5a68', dark: '#2c3742', accent: '#95aaba' },
  { light: '#3b4a3f', dark: '#222c25', accent: '#8aa391' },
];
export const INK = '#fbf3e0';

/** Plain charges of heraldry over 256 by 256: each divides the field in its own way, and leaves the middle calm. */
const PATTERNS: readonly string[] = [
  // A bend, and one the other way.
  '<path d="M0 40V0h40l216 216v40h-40z"/>',
  '<path d="M216 0h40v40L40 256H0v-40z"/>',
  // A pale, a fess, and a cross of both at the edges.
  '<path d="M84 0h88v256H84z"/>',
  '<path d="M0 84h256v88H0z"/>',
  // Halves, a chevron, and its reverse.
  '<path d="M256 0v256H0z"/>',
  '<path d="M0 256v-64L128 64l128 128v64L128 128z"/>',
  '<path d="M0 0v64l128 128L256 64V0L128 128z"/>',
  // Rays from below.
  '<path d="M128 256L0 0h44zM128 256L96 0h64zM128 256L212 0h44z"/>',
];

/** As many different grounds there are for letters. */
export const LOOKS = PALETTES.length * PATTERNS.length;

const ONE_LETTER_IN_PX = 168;
/** By how many of the two are wide, so that no pair crosses the ring. */
const TWO_LETTERS_IN_PX = [120, 108, 94] as const;
const WIDE_LETTER = /[MWÆŒŴЖМШЩЮЫЉЊ]/u;
/** The middle of a capital letter is so far above the line that it stands on, in parts of its size. */
const MIDDLE_OF_CAPITALS = 0.325;

/** Somebody without letters: head and shoulders. */
const FIGURE =
  '<circle cx="128" cy="102" r="36"/><path d="M60 204c0-40 30-60 68-60s68 20 68 60c-18 16-42 24-68 24s-50-8-68-24z"/>';

/** A square picture that also stands in a circle, as SVG. `font`: the family that the letters are set in. */
export function drawingOf({ look, initials }: Portrait, font: string): string {
  const palette = PALETTES[look % PALETTES.length];
  const pattern = PATTERNS[Math.floor(look / PALETTES.length) % PATTERNS.length];
  if (palette === undefined || pattern === undefined) throw new RangeError('There is no such look.');
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256">',
    `<linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${palette.light}"/><stop offset="1" stop-color="${palette.dark}"/></linearGradient>`,
    '<rect width="256" height="256" fill="url(#g)"/>',
    `<g fill="${palette.accent}" fill-opacity="0.2">${pattern}</g>`,
    `<circle cx="128" cy="128" r="114" fill="none" stroke="${palette.accent}" stroke-opacity="0.55" stroke-width="5"/>`,
    `<g fill="${INK}">${initials.length === 0 ? FIGURE : lettering(initials, font)}</g>`,
    '</svg>',
  ].join('');
}

function lettering(initials: readonly string[], font: string): string {
  const wide = initials.filter((letter) => WIDE_LETTER.test(letter)).length;
  const sizeInPx =
    initials.length === 1 ? ONE_LETTER_IN_PX : (TWO_LETTERS_IN_PX[wide] ?? TWO_LETTERS_IN_PX[0]);
  const baseline = Math.round(128 + sizeInPx * MIDDLE_OF_CAPITALS);
  return `<text x="128" y="${baseline}" font-family="${font}" font-weight="700" font-size="${sizeInPx}" text-anchor="middle">${initials.join('')}</text>`;
}
