import { BlockFault } from './faults.ts';
import { type Fields, isFields } from './fields.ts';

/** Checks one value; throws BlockFault. */
export type Rule = (value: unknown, at: string) => void;

export const flag: Rule = (value, at) => {
  if (typeof value !== 'boolean') throw new BlockFault(at, 'must be a boolean');
};

export const anything: Rule = () => {};

export const number: Rule = (value, at) => {
  if (typeof value !== 'number') throw new BlockFault(at, 'must be a number');
};

/** A string of so many characters. */
export function string(max: number, min = 1): Rule {
  return (value, at) => {
    if (typeof value !== 'string') throw new BlockFault(at, 'must be a string');
    if (value.length < min) throw new BlockFault(at, `must be more than ${min - 1} characters`);
    if (value.length > max) throw new BlockFault(at, `must be less than ${max + 1} characters`, 'limit');
  };
}

export function oneOf(...values: readonly unknown[]): Rule {
  return (value, at) => {
    if (!values.includes(value)) throw new BlockFault(at, `must be one of ${values.join(', ')}`);
  };
}

export function list(rule: Rule, { min = 1, max }: { readonly min?: number; readonly max: number }): Rule {
  return (value, at) => {
    if (!Array.isArray(value)) throw new BlockFault(at, 'must be an array');
    if (value.length < min) throw new BlockFault(at, `no fewer than ${min} items allowed`);
    if (value.length > max) throw new BlockFault(at, `no more than ${max} items allowed`, 'limit');
    value.forEach((item, index) => {
      rule(item, `${at}/${index}`);
    });
  };
}

export function object(
  required: Readonly<Record<string, Rule>>,
  optional: Readonly<Record<string, Rule>> = {},
): Rule {
  return (value, at) => {
    const fields = mustBeObject(value, at);
    for (const [key, rule] of Object.entries(required)) {
      if (fields[key] === undefined) throw new BlockFault(at, `missing required field: ${key}`);
      rule(fields[key], `${at}/${key}`);
    }
    for (const [key, field] of Object.entries(fields)) {
      if (field === undefined || Object.hasOwn(required, key)) continue;
      const rule = Object.hasOwn(optional, key) ? optional[key] : undefined;
      if (rule === undefined) throw new BlockFault(at, `invalid additional property: ${key}`);
      rule(field, `${at}/${key}`);
    }
  };
}

/** An object whose `type` says which of the rules holds. */
export function byType(rules: () => Readonly<Record<string, Rule>>): Rule {
  return (value, at) => {
    const { type } = mustBeObject(value, at);
    const known = rules();
    const rule = typeof type === 'string' && Object.hasOwn(known, type) ? known[type] : undefined;
    if (rule === undefined) throw new BlockFault(`${at}/type`, `unsupported type: ${String(type)}`);
    rule(value, at);
  };
}

function mustBeObject(value: unknown, at: string): Fields {
  if (!isFields(value)) throw new BlockFault(at, 'must be an object');
  return value;
}
