import type { DraftTask } from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';
import type { Age, Tables, Temperament, Thread, Trade } from '../tables.ts';
import type { VoiceBook } from '../voice/voice-book.ts';
import type { Dealer } from './deal.ts';
import { echoes } from './grammar.ts';
import { marksOf } from './identity.ts';
import { type Lookup, lookup } from './lookup.ts';

export function temperamentWeight(
  temperament: Temperament,
  from: {
    readonly wishes: Lookup;
    readonly notes: Lookup;
    readonly moods: readonly string[];
    readonly trade: Trade;
    readonly keptText: string;
    readonly before: string;
  },
): number {
  if (echoes(from.before, temperament.text) && !echoes(from.keptText, temperament.text)) return 0;
  const isKept = echoes(from.keptText, temperament.text);
  const isWished = temperament.wish.some((word) => from.wishes.has(word));
  const isNoted = temperament.wish.some((word) => from.notes.has(word));
  const suits = temperament.suits.some((tag) => from.trade.tags.includes(tag)) ? 2 : 1;
  const mood = temperament.moods.some((each) => from.moods.includes(each)) ? 3 : 1;
  return suits * mood * (isKept ? 1e6 : 1) * (isWished ? 1000 : 1) * (isNoted ? 100 : 1);
}

/** The thread that the plan's hook or the kept fields already tell; else one that suits. */
export function threadFor(
  from: {
    readonly member: DraftTask['member'];
    readonly keptText: string;
    readonly before: string;
    readonly moods: readonly string[];
    readonly trade: Trade;
    readonly task: DraftTask;
  },
  dealer: Dealer,
  tables: Tables,
): Thread {
  const patterns = (thread: Thread) => [
    ...thread.hooks,
    ...thread.goals,
    ...thread.fears,
    ...thread.secrets.map(({ text }) => text),
  ];
  const told = [from.member?.hook ?? '', from.keptText].join('\n');
  const tells = (some: (thread: Thread) => readonly string[]) =>
    tables.threads.find((thread) => some(thread).some((pattern) => echoes(told, pattern)));
  const standing = tells(({ hooks }) => hooks) ?? tells(patterns);
  if (standing !== undefined) return standing;
  const hint = lookup(from.task.hint);
  return dealer.deal('threads', tables.threads, (thread) => {
    if (patterns(thread).some((pattern) => echoes(from.before, pattern))) return 0;
    return threadWeight(thread, from.trade, from.moods) * (hint.has(thread.id.replaceAll('-', ' ')) ? 50 : 1);
  });
}

export function voiceFor(
  from: {
    readonly keep: Partial<Persona>;
    readonly previous: Persona | undefined;
    readonly trade: Trade;
    readonly temperament: Temperament;
    readonly age: Age;
  },
  dealer: Dealer,
  book: VoiceBook,
): string {
  const { keep, previous, trade, temperament, age } = from;
  const kept = keep.voice;
  const standing =
    marksOf(keep).voice ??
    (kept === undefined
      ? undefined
      : (book.ids.find((id) => kept.includes(book.manner(id))) ?? marksOf(previous).voice));
  if (standing !== undefined && book.ids.includes(standing)) return standing;
  const wanted = new Set<string>([...trade.tags, ...temperament.suits, ...temperament.moods, age]);
  const was = marksOf(previous).voice;
  return dealer.deal('voices', book.ids, (id) => {
    const suits = book.suits(id);
    // A voice of the young is none for the old, nor the reverse.
    const isOffAge = (suits.includes('young') && age === 'old') || (suits.includes('old') && age === 'young');
    if (id === was) return 0;
    return (1 + 2 * suits.filter((tag) => wanted.has(tag)).length) * (isOffAge ? 0.02 : 1);
  });
}

/** How well a thread suits a trade and the moods asked for. Never 0: the last of twenty must have one too. */
export function threadWeight(thread: Thread, trade: Trade, moods: readonly string[]): number {
  const shared = thread.tags.filter((tag) => trade.tags.includes(tag)).length;
  const fit = thread.tags.includes('any') ? 2 : shared === 0 ? 0.001 : 2 + 2 * shared;
  return fit * (moods.some((mood) => thread.moods.includes(mood)) ? 6 : 1);
}
