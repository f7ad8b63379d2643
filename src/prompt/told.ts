import type { RecalledLine, SeenLine, SpeakTask } from '#src/core/model.ts';
import { speakerName } from '#src/core/speaker-name.ts';
import { clip, oneLine } from '#src/core/text.ts';
import type { TokenCounter } from '#src/models/tokens.ts';
import { foldedParts } from './folded-lines.ts';
import { MOST_MEMORIES, MOST_OF_A_MEMORY_IN_CHARACTERS } from './layers.ts';

const END = ')\n';

/** A part of a prompt; empty where nothing found room. */
export interface Told {
  readonly text: string;
  /** In tokens. */
  readonly cost: number;
  /** The ids of what it tells. */
  readonly ids: ReadonlySet<string>;
  /** False where something found no room. */
  readonly isWhole: boolean;
}

export const NOTHING_TOLD: Told = { text: '', cost: 0, ids: new Set(), isWhole: true };

/** What is to be told where there is room, the first rows before the others. */
export interface Tellable {
  readonly label: string;
  readonly rows: Iterable<Row>;
}

interface Row {
  readonly id: string;
  readonly text: string;
  /** Where it stands among the others. */
  readonly order: number;
}

/** What is still in mind of older times: the newest first, told in the order of time. */
export function summariesOf({ summaries = [], persona }: SpeakTask): Tellable {
  const label = `(What ${speakerName(persona.name)} still has in mind of older times, oldest first.`;
  return { label, rows: summaries.map(memoryRow) };
}

/** Says of a memory's id whether a prompt holds it already. */
export type Elsewhere = (id: string) => boolean;

/** The most fitting memories, told in the order of time, but for those that stand elsewhere. */
export function memoriesOf({ memories = [], persona }: SpeakTask): (isElsewhere: Elsewhere) => Tellable {
  const label = `(What ${speakerName(persona.name)} remembers, oldest first. It was said then; what was just said counts for more.`;
  const all = memories.map(memoryRow);
  return (isElsewhere) => {
    return { label, rows: all.filter(({ id }) => !isElsewhere(id)).slice(0, MOST_MEMORIES) };
  };
}

/** The most fitting passages. */
export function loreOf({ lore = [], persona }: SpeakTask): Tellable {
  const label = `(What is written of the world that ${speakerName(persona.name)} knows of. Tell it as this character would, and only what is asked.`;
  const rows = lore.map(({ place, text }, order) => {
    return {
      id: '',
      order,
      text: `- ${oneLine(place)}: ${clip(oneLine(text), MOST_OF_A_MEMORY_IN_CHARACTERS)}`,
    };
  });
  return { label, rows };
}

/**
 * What was said in the scene before the lines that find room, folded, as far back as there is room.
 * @param lines oldest first.
 */
export function earlierThatFits(
  lines: readonly SeenLine[],
  options: { readonly linesAPart: number; readonly roomInTokens: number },
  countTokens: TokenCounter,
): Told {
  const label = '(What was said here before, in short, oldest first.';
  return tell({ label, rows: earlierRows(lines, options.linesAPart) }, options.roomInTokens, countTokens);
}

function* earlierRows(lines: readonly SeenLine[], linesAPart: number): Generator<Row> {
  for (const { start, gist } of foldedParts(lines, linesAPart))
    yield { id: '', order: start, text: `- ${oneLine(gist)}` };
}

/** The first rows that find room, in their order; no more of them are made than are looked at. */
export function tell({ label, rows }: Tellable, roomInTokens: number, countTokens: TokenCounter): Told {
  let cost = countTokens(label + END);
  let isWhole = true;
  const kept: Row[] = [];
  for (const row of rows) {
    const more = countTokens(row.text) + 1;
    isWhole = cost + more <= roomInTokens;
    if (!isWhole) break;
    cost += more;
    kept.push(row);
  }
  if (kept.length === 0) return { ...NOTHING_TOLD, isWhole };
  const inOrder = kept.toSorted((one, other) => one.order - other.order);
  return {
    text: `${[label, ...inOrder.map(({ text }) => text)].join('\n')}${END}`,
    cost,
    ids: new Set(kept.map(({ id }) => id)),
    isWhole,
  };
}

/** One line of text a memory, as with the lines of the transcript. */
function memoryRow({ id, speaker, text, when, kind, saidAtInMs }: RecalledLine): Row {
  const told = clip(oneLine(text), MOST_OF_A_MEMORY_IN_CHARACTERS);
  const said = speaker === '' ? `this happened: ${told}` : `${speakerName(speaker)} said: ${told}`;
  return { id, order: saidAtInMs, text: kind === undefined ? `- ${when}, ${said}` : `- ${when}: ${told}` };
}
