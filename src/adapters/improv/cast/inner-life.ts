import type { Persona } from '#src/core/persona.ts';
import type { Age, Tables, Temperament, Thread, Trade } from '../tables.ts';
import type { VoiceBook } from '../voice/voice-book.ts';
import type { Dealer } from './deal.ts';
import { echoes } from './grammar.ts';
import { marksOf } from './identity.ts';
import type { Lookup } from './lookup.ts';

/** How well a temperament suits a trade and mood, and above all what was wished for or noted. */
export function temperamentWeight(
  { suits, moods, wish }: Temperament,
  from: {
    readonly wishes: Lookup;
    /** Words of a wish that ask for another age, and only by the way for another temper. */
    readonly ageWords: readonly string[];
    readonly noted: Lookup;
    readonly moods: readonly string[];
    readonly trade: Trade;
  },
): number {
  const wished = wish.filter((word) => from.wishes.has(word));
  const isWished = wished.some((word) => !from.ageWords.includes(word));
  const isNoted = wish.some((word) => from.noted.has(word));
  const isOfTrade = suits.some((tag) => from.trade.tags.includes(tag));
  const isInMood = moods.some((mood) => from.moods.includes(mood));
  return (
    (isWished ? 1000 : wished.length > 0 ? 5 : 1) *
    (isNoted ? 100 : 1) *
    (isOfTrade ? 2 : 1) *
    (isInMood ? 60 : 1)
  );
}

/** The thread that is already told of them, by a plan's hook or by kept fields; else one that suits. */
export function threadFor(
  from: {
    readonly told: string;
    readonly before: string;
    readonly moods: readonly string[];
    readonly trade: Trade;
  },
  dealer: Dealer,
  tables: Tables,
): Thread {
  const parts = ({ hooks, goals, fears, secrets }: Thread) => [
    ...hooks,
    ...goals,
    ...fears,
    ...secrets.map(({ text }) => text),
  ];
  const standing = [({ hooks }: Thread) => hooks, parts]
    .map((some) =>
      tables.threads.find((thread) => some(thread).some((pattern) => echoes(from.told, pattern))),
    )
    .find((thread) => thread !== undefined);
  if (standing !== undefined) return standing;
  return dealer.deal('threads', tables.threads, (thread) =>
    parts(thread).some((pattern) => echoes(from.before, pattern))
      ? 0
      : threadWeight(thread, from.trade, from.moods),
  );
}

/** The voice that stands, or one that suits trade, temper and age; after a reroll another one. */
export function voiceFor(
  from: {
    readonly keep: Partial<Persona>;
    readonly previous: Persona | undefined;
    readonly trade: Trade;
    readonly temperament: Temperament;
    readonly age: Age;
    /** What was asked for. */
    readonly moods: readonly string[];
  },
  dealer: Dealer,
  book: VoiceBook,
): string {
  const { keep, previous, trade, temperament, age, moods } = from;
  const kept = keep.voice;
  const standing =
    marksOf(keep).voice ??
    (kept === undefined
      ? undefined
      : (book.ids.find((id) => kept.includes(book.manner(id))) ?? marksOf(previous).voice));
  if (standing !== undefined && book.ids.includes(standing)) return standing;
  const wanted = new Set<string>([...trade.tags, ...temperament.suits, ...temperament.moods, age]);
  const was = marksOf(previous).voice;
  const [asked, unasked] = moods.includes('grim')
    ? ['grim', 'merry']
    : moods.includes('wry')
      ? ['merry', 'grim']
      : [];
  return dealer.deal('voices', book.ids, (id) => {
    const suits = book.suits(id);
    // A voice of the young is none for the old, nor the reverse.
    const isOffAge = (suits.includes('young') && age === 'old') || (suits.includes('old') && age === 'young');
    if (id === was) return 0;
    return (
      (1 + suits.filter((tag) => wanted.has(tag)).length) *
      (isOffAge ? 0.02 : 1) *
      (suits.includes(asked ?? '') ? 8 : suits.includes(unasked ?? '') ? 0.1 : 1)
    );
  });
}

/** How well a thread suits a trade and the moods asked for. Never 0: the last of twenty must have one too. */
export function threadWeight(thread: Thread, trade: Trade, moods: readonly string[]): number {
  const shared = thread.tags.filter((tag) => trade.tags.includes(tag)).length;
  const fit = thread.tags.includes('any') ? 2 : shared === 0 ? 0.001 : 2 + 2 * shared;
  return fit * (moods.some((mood) => thread.moods.includes(mood)) ? 40 : 1);
}
