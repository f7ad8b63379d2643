import fc from 'fast-check';
import { expect, it } from 'vitest';
import { longestThatFits } from '#src/prompt/fitting.ts';

it('finds the first that fits, or the shortest, and looks at few', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 310 }), (length, room) => {
      const variants = Array.from({ length }, (_, index) => length - 1 - index);
      let looks = 0;
      const chosen = longestThatFits([length, ...variants], (variant) => {
        looks += 1;
        return variant <= room;
      });
      expect(chosen).toBe(Math.min(length, room));
      expect(looks).toBeLessThanOrEqual(11);
    }),
  );
});
