/** Markup that stands open at some point of a text. */
export interface Mark {
  /** What opens it once more in the next message. */
  readonly opening: string;
  readonly closing: string;
  /** Backticks that close it again; 0 where it is no code, in which other markup counts. */
  readonly ticks: number;
}

/** A run of more is no markup but a row of characters. */
const LONGEST_EMPHASIS = 3;
const LONGEST_TICKS = 8;
const MARK_CHARACTERS = '*_~|`';
const FENCE_LANGUAGE = /[\w+#.-]{0,20}(?=\n)/uy;
const URL_START = /https?:\/\//uy;

/** A run of one character that may be markup, with what stands around it. */
interface Run {
  readonly character: string;
  readonly length: number;
  readonly before: string;
  readonly after: string;
}

/**
 * The markup that is open behind a text, outermost first: bold, italic, underlined and struck text, spoilers, code and
 * code blocks. It goes by the rules that chat platforms share, not by one platform's parser: a mark before a space
 * opens nothing, an underscore inside a word is none, and what is escaped or in code or an address is text.
 * @param open what is open where the text begins.
 */
export function openAfter(text: string, open: readonly Mark[]): readonly Mark[] {
  const marks = [...open];
  let at = 0;
  while (at < text.length) {
    const code = marks.at(-1);
    if (code !== undefined && code.ticks > 0) {
      at = endOfCode(text, at, code.ticks);
      if (at <= text.length) marks.pop();
      continue;
    }
    const character = text.charAt(at);
    if (character === '\\') at += 2;
    else if (character === 'h' && matchAt(URL_START, text, at) !== undefined) at = endOfWord(text, at);
    else if (MARK_CHARACTERS.includes(character)) {
      const run = runAt(text, at);
      if (character === '`') openCode(marks, run, text, at);
      else for (const mark of marksOf(run)) toggle(marks, mark, run);
      at += run.length;
    } else at += 1;
  }
  return marks;
}

export function closings(marks: readonly Mark[]): string {
  return marks
    .map(({ closing }) => closing)
    .reverse()
    .join('');
}

export function openings(marks: readonly Mark[]): string {
  return marks.map(({ opening }) => opening).join('');
}

/**
 * How much of what follows a cut only closes what the cut has closed already.
 * @param from where in the text the cut is.
 */
export function closedTwice(
  text: string,
  from: number,
  marks: readonly Mark[],
): { readonly length: number; readonly left: readonly Mark[] } {
  const inner = marks.at(-1);
  if (inner === undefined) return { length: 0, left: marks };
  // Space before the end of code shows nothing; before another mark it means that this one closes nothing.
  const at = inner.ticks > 0 ? endOfSpace(text, from) : from;
  const closing = inner.closing.trimStart();
  const run = runAt(text, at);
  const closes = run.character === closing.charAt(0) && run.length === closing.length;
  if (!closes || (inner.ticks === 0 && !isText(run.before))) return { length: 0, left: marks };
  return { length: at + run.length - from, left: marks.slice(0, -1) };
}

export function isMarkCharacter(character: string): boolean {
  return character !== '' && MARK_CHARACTERS.includes(character);
}

/** Behind the backticks that close the code; beyond the text where nothing does. */
function endOfCode(text: string, from: number, ticks: number): number {
  for (let at = text.indexOf('`', from); at >= 0; ) {
    const { length } = runAt(text, at);
    if (length === ticks) return at + length;
    at = text.indexOf('`', at + length);
  }
  return text.length + 1;
}

function openCode(marks: Mark[], { character, length, before }: Run, text: string, at: number): void {
  if (length > LONGEST_TICKS) return;
  const ticks = character.repeat(length);
  const isBlock = length >= 3 && (before === '' || before === '\n');
  const language = isBlock ? matchAt(FENCE_LANGUAGE, text, at + length) : undefined;
  marks.push(
    language === undefined
      ? { opening: ticks, closing: ticks, ticks: length }
      : { opening: `${ticks}${language}\n`, closing: `\n${ticks}`, ticks: length },
  );
}

/** The marks that a run consists of: `***` is bold and italic. */
function marksOf({ character, length }: Run): readonly string[] {
  if (character === '~' || character === '|') return length === 2 ? [character.repeat(2)] : [];
  if (length > LONGEST_EMPHASIS) return [];
  return length === LONGEST_EMPHASIS ? [character.repeat(2), character] : [character.repeat(length)];
}

function toggle(marks: Mark[], mark: string, { character, before, after }: Run): void {
  const isSpoiler = character === '|';
  const isUnderscore = character === '_';
  const opened = marks.findLastIndex(({ closing }) => closing === mark);
  const mayClose = isSpoiler || (isText(before) && !(isUnderscore && isWord(after)));
  if (opened >= 0 && mayClose) {
    marks.splice(opened, 1);
    return;
  }
  const mayOpen = isSpoiler ? after !== '' : isText(after) && !(isUnderscore && isWord(before));
  if (opened < 0 && mayOpen) marks.push({ opening: mark, closing: mark, ticks: 0 });
}

function runAt(text: string, from: number): Run {
  const character = text.charAt(from);
  let end = from;
  while (end < text.length && text.charAt(end) === character) end += 1;
  return { character, length: end - from, before: text.charAt(from - 1), after: text.charAt(end) };
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && isText(text.charAt(at))) at += 1;
  return at;
}

function endOfSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isText(text.charAt(at))) at += 1;
  return at;
}

function matchAt(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

function isText(character: string): boolean {
  return character.trim() !== '';
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}
