import { ALL_OF_THEM, type NpcOption } from '#src/core/command.ts';
import { nameKey } from '#src/core/names.ts';

/**
 * What completes the name that is being typed, whole as the option's value would be: where several may be named, what
 * stands before the last comma stays.
 */
export function completed(
  names: readonly string[],
  several: NpcOption['several'],
  typed: string,
): readonly string[] {
  if (several === undefined) return names.filter((name) => startsAlike(name, typed));
  const [before = '', last = ''] = /^(.*[,;]\s*)?(.*)$/su.exec(typed)?.slice(1) ?? [];
  const named = new Set(before.split(/[,;]/u).map(nameKey));
  const open = names.filter((name) => !named.has(nameKey(name)) && startsAlike(name, last));
  const all = several === 'or all' && before === '' && names.length > 1 && startsAlike(ALL_OF_THEM, last);
  return [...(all ? [ALL_OF_THEM] : []), ...open.map((name) => `${before}${name}`)];
}

function startsAlike(name: string, typed: string): boolean {
  const key = nameKey(typed);
  return [nameKey(name), ...nameKey(name).split(' ')].some((word) => word.startsWith(key));
}
