import { describe, expect, it } from 'vitest';
import { importanceOf, KEEP_FROM, traitsOf } from '#src/memory/importance.ts';

describe('a line is worth little', () => {
  it.each([
    // It says that it says nothing.
    "I don't tell that to people I met tonight",
    "Afraid is nobody's business of mine.",
    "I've opinions, but they're not for lending.",
    'I know nothing of the murdered bishop.',
    'You would have to ask the captain about the ring.',
    // It tells once more what was said.
    'You said it yourself just now: "Thank you both, good night!"',
    'It was Mira who said last night: “Good evening everyone!”',
    '"Good evening everyone!" Your words, not mine.',
    // It only asks.
    'Who stole the crown of the old king?',
    'What did Tobin give Vidar? And why?',
    'Good evening everyone!',
  ])('“%s”', (text) => {
    expect(importanceOf(text)).toBeLessThan(KEEP_FROM);
  });
});

describe('a line is worth keeping', () => {
  it.each([
    'I murdered the bishop at the abbey of Lowmoor.',
    'I know nothing of the theft, but I saw Hob leave the vault at midnight.',
    'Do you know who I am? I am the daughter of the king you hanged.',
    'He told me before he died that the chest lies under the third grave.',
  ])('“%s”', (text) => {
    expect(importanceOf(text)).toBeGreaterThanOrEqual(KEEP_FROM);
  });
});

it('a question is one where all of it asks', () => {
  expect(traitsOf('Who was it? You?').onlyAsks).toBe(1);
  expect(traitsOf('Who was it? The duke.').onlyAsks).toBe(0);
  expect(traitsOf('The duke.').onlyAsks).toBe(0);
});
