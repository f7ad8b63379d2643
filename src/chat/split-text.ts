import { closedTwice, closings, isMarkCharacter, type Mark, openAfter, openings } from './open-marks.ts';

/** How much one message holds. */
export interface TextLimits {
  /** At most so many, as `measure` counts; at least 100. */
  readonly maxLength: number;
  /** The length of this Markdown once it is rendered for the platform. */
  readonly measure: (text: string) => number;
}

/** The first message of a text. */
export interface TextPart {
  /** What it shows: markup that is open at its end is closed. */
  readonly text: string;
  /** There is more than it holds. */
  readonly isCut: boolean;
  /** Where in the source the next message begins. */
  readonly end: number;
  /** What the next message has to open again. */
  readonly open: readonly Mark[];
}

const MIN_LENGTH = 100;
/** A message is not left emptier than this for the sake of a better place to cut. */
const MIN_FILL = 1 / 3;
const TERMINATORS = '.!?…。！？';
/** What may follow a terminator and still belongs to its sentence. */
const CLOSERS = `"”'’»)]}*_~|\``;
const CODE_OPENING = /^`{3,}[\w+#.-]*$/u;
const WITHOUT_SPACE = '。！？';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A text as messages, each within the limits: cut behind sentences, else behind lines and words, else between
 * characters; markup that is open at a cut is closed and opened again. Linear in the text.
 */
export function splitText(text: string, limits: TextLimits): readonly string[] {
  const parts: string[] = [];
  let rest = text.trimEnd();
  let open: readonly Mark[] = [];
  while (rest.trim() !== '') {
    const part = firstPart(rest, limits, open);
    parts.push(part.text);
    rest = rest.slice(part.end);
    open = part.open;
  }
  return parts;
}

/**
 * What of a text the first message holds.
 * @param open what its beginning has to open again.
 */
export function firstPart(text: string, limits: TextLimits, open: readonly Mark[]): TextPart {
  const { maxLength, measure } = limits;
  if (!(maxLength >= MIN_LENGTH))
    throw new RangeError(`firstPart: maxLength must be at least ${MIN_LENGTH}, got ${maxLength}`);
  const source = withoutLeadingSpace(text, open);
  const start = text.length - source.length;
  const shown = (end: number) => closedText(source.slice(0, end), open);
  // What is rendered is seldom shorter than its source: the rest is not looked at.
  const window = Math.min(source.length, maxLength);
  if (source.trimEnd().length <= maxLength) {
    const whole = shown(window);
    if (measure(whole) <= maxLength) return { text: whole, isCut: false, end: text.length, open: [] };
  }
  const fits = (end: number) => measure(shown(end)) <= maxLength;
  let end = goodEnd(source, longest(window, fits), open);
  // Cutting earlier may leave more markup open.
  while (end > 1 && !fits(end)) end = goodEnd(source, Math.max(1, Math.floor(end * 0.9)), open);
  const left = openAfter(source.slice(0, end).trimEnd(), open);
  const twice = closedTwice(source, end, left);
  return { text: shown(end), isCut: true, end: start + end + twice.length, open: twice.left };
}

/** A text with the markup opened that it goes on in, and closed what it leaves open. */
function closedText(text: string, open: readonly Mark[]): string {
  const body = text.trimEnd();
  return openings(open) + body + closings(openAfter(body, open));
}

/** The largest length that fits, found by halving. */
function longest(length: number, fits: (length: number) => boolean): number {
  let fitting = 1;
  let tooLong = length + 1;
  while (tooLong - fitting > 1) {
    const middle = (fitting + tooLong) >> 1;
    if (fits(middle)) fitting = middle;
    else tooLong = middle;
  }
  return fitting;
}

/** The best place to cut at or before `max`. */
function goodEnd(text: string, max: number, open: readonly Mark[]): number {
  const end = endOfSentence(text, max, open);
  // A block of code that would only begin here begins in the next message.
  const body = text.slice(0, end).trimEnd();
  const line = body.lastIndexOf('\n') + 1;
  const isOpening = line > 0 && CODE_OPENING.test(body.slice(line)) && isInCode(body, open);
  return isOpening ? line : end;
}

/** Behind the last sentence that ends at or before `max`, or the last line, or the last word. */
function endOfSentence(text: string, max: number, open: readonly Mark[]): number {
  const min = Math.max(1, Math.floor(max * MIN_FILL));
  const isCode = isInCode(text.slice(0, max), open);
  let behindWord: number | undefined;
  for (let end = max; end >= min; end -= 1) {
    const next = text.charAt(end);
    const isSpace = next.trim() === '' && next !== '';
    if (text.charAt(end - 1) === '\n' || next === '\n') return end;
    if (!isCode && (isSpace || WITHOUT_SPACE.includes(text.charAt(end - 1))) && endsSentence(text, end))
      return end;
    if (isSpace && text.charAt(end - 1).trim() !== '') behindWord ??= end;
  }
  return behindWord ?? betweenCharacters(text, max);
}

function isInCode(text: string, open: readonly Mark[]): boolean {
  return openAfter(text, open).some(({ ticks }) => ticks > 0);
}

function endsSentence(text: string, end: number): boolean {
  let at = end - 1;
  // No sentence has more closers than this.
  const first = Math.max(0, end - 8);
  while (at > first && CLOSERS.includes(text.charAt(at))) at -= 1;
  return TERMINATORS.includes(text.charAt(at));
}

/** Cuts neither a character that consists of several, nor markup. */
function betweenCharacters(text: string, max: number): number {
  let end = 0;
  // One more tells whether a character ends at `max`.
  for (const { index } of graphemes.segment(text.slice(0, max + 2))) {
    if (index > max) break;
    end = index;
  }
  // A character of thousands of marks is cut all the same, though never within a code point.
  if (end === 0) end = isHighSurrogate(text, max - 1) && max > 1 ? max - 1 : max;
  let beforeMarks = end;
  while (beforeMarks > end / 2 && isLoose(text.charAt(beforeMarks - 1))) beforeMarks -= 1;
  return beforeMarks > end / 2 ? beforeMarks : end;
}

/** What belongs to the character that follows it. */
function isLoose(character: string): boolean {
  return character === '\\' || isMarkCharacter(character);
}

function isHighSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

/** Space at the beginning shows nothing, save the indentation of code. */
function withoutLeadingSpace(text: string, open: readonly Mark[]): string {
  const trimmed = text.trimStart();
  if (!open.some(({ ticks }) => ticks > 0)) return trimmed;
  const space = text.slice(0, text.length - trimmed.length);
  return space.slice(space.lastIndexOf('\n') + 1) + trimmed;
}
