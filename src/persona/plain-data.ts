/** How much somebody else's data may hold: characters of keys and texts, values in all, and levels. */
export interface DataLimits {
  readonly characters: number;
  readonly values: number;
  readonly depth: number;
}

/** An object that a literal or JSON makes; nothing with a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is what JSON can say, within these bounds. Ends on whatever it is given, circles included. */
export function isSmallPlainData(value: unknown, limits: DataLimits): boolean {
  let charactersLeft = limits.characters;
  let valuesLeft = limits.values;
  const fits = (part: unknown, depthLeft: number): boolean => {
    valuesLeft -= 1;
    if (valuesLeft < 0 || charactersLeft < 0) return false;
    if (part === null || typeof part === 'boolean') return true;
    if (typeof part === 'number') return Number.isFinite(part);
    if (typeof part === 'string') {
      charactersLeft -= part.length;
      return charactersLeft >= 0;
    }
    if (depthLeft === 0) return false;
    if (Array.isArray(part)) return part.every((item) => fits(item, depthLeft - 1));
    if (!isPlainObject(part)) return false;
    return Object.keys(part).every((key) => {
      charactersLeft -= key.length;
      return fits(part[key], depthLeft - 1);
    });
  };
  return fits(value, limits.depth);
}
