import { expect, it } from 'vitest';
import type { Line } from '#src/core/entities.ts';
import { memoryOf } from '#src/core/memory.ts';

const line: Line = {
  id: 'l1',
  sceneId: 's1',
  seq: 7,
  speaker: { kind: 'character', id: 'p', name: 'Mira' },
  kind: 'speech',
  text: 'The bell rang.',
  state: 'said',
  replyTo: undefined,
  createdAtInMs: 5,
};

it('keeps what stands of a line, with where and when it was said', () => {
  const kept = { id: 'l1', speaker: 'Mira', text: 'The bell rang.', session: 's1', seq: 7, saidAtInMs: 5 };
  expect(memoryOf(line)).toEqual(kept);
  expect(memoryOf({ ...line, state: 'stopped' })).toEqual(kept);
  expect(memoryOf({ ...line, state: 'cut' })).toEqual(kept);
  expect(memoryOf({ ...line, speaker: { kind: 'gm', id: 'g', name: 'Gale' } })).toEqual({
    ...kept,
    speaker: '',
  });
});

it.each([{ state: 'failed' }, { state: 'speaking' }, { kind: 'ooc' }, { text: '' }] as const)(
  'keeps nothing of a line with %o',
  (change) => {
    expect(memoryOf({ ...line, ...change })).toBeUndefined();
  },
);
