/**
 * The first of ever shorter variants that fits, or the shortest where none does.
 * @param variants at least one. Each fits where the one before it does, so that few of them need to be counted.
 */
export function longestThatFits<T>(variants: readonly [T, ...T[]], fits: (variant: T) => boolean): T {
  let [chosen] = variants;
  if (fits(chosen)) return chosen;
  let from = 1;
  let to = variants.length - 1;
  chosen = variants[to] ?? chosen;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const variant = variants[middle];
    if (variant !== undefined && fits(variant)) {
      chosen = variant;
      to = middle;
    } else from = middle + 1;
  }
  return chosen;
}
