import { z } from 'zod';

type Schema = Record<string, unknown>;

/** Keywords that strict structured output refuses, with the words that tell the model the same. */
const IN_WORDS: Readonly<Record<string, (value: unknown) => string>> = {
  minLength: (value) => (value === 1 ? 'not empty' : `at least ${value} characters`),
  maxLength: (value) => `at most ${value} characters`,
};
const DROPPED: ReadonlySet<string> = new Set([
  '$schema',
  'default',
  'propertyNames',
  ...Object.keys(IN_WORDS),
]);

const schemas = new WeakMap<z.ZodType, Schema>();

/**
 * The JSON Schema of a zod object in the form that strict structured output takes: every property required (what may
 * be left out may be null instead), no others allowed, limits that it does not know told in the description.
 * @throws TypeError where the schema has no such form: a root that is no object, a record with free keys, a tuple.
 */
export function strictJsonSchema(schema: z.ZodType): Readonly<Schema> {
  const known = schemas.get(schema);
  if (known !== undefined) return known;
  const root = z.toJSONSchema(schema, { io: 'output', target: 'draft-7' });
  if (root.type !== 'object') throw new TypeError('strictJsonSchema: the root must be an object');
  const strict = strictObject({ ...root }, '$');
  schemas.set(schema, strict);
  return strict;
}

function strictNode(node: unknown, path: string): unknown {
  if (Array.isArray(node)) return node.map((item) => strictNode(item, path));
  if (!isSchema(node)) return node;
  if (node.type === 'object') return strictObject(node, path);
  if (Array.isArray(node.items)) throw new TypeError(`strictJsonSchema: ${path} is a tuple; use an object`);
  const strict = kept(node);
  for (const key of ['items', 'anyOf'] as const)
    if (key in strict) strict[key] = strictNode(strict[key], path);
  if ('oneOf' in strict) {
    strict.anyOf = strictNode(strict.oneOf, path);
    delete strict.oneOf;
  }
  return strict;
}

function strictObject(node: Schema, path: string): Schema {
  const required: unknown = node.required;
  const isRequired = (key: string) => Array.isArray(required) && required.includes(key);
  const properties: Schema = {};
  for (const [key, property] of Object.entries(propertiesOf(node, path))) {
    const strict = strictNode(property, `${path}.${key}`);
    properties[key] = isRequired(key) ? strict : { anyOf: [strict, { type: 'null' }] };
  }
  const definitions = 'definitions' in node ? { definitions: strictEach(node.definitions, path) } : {};
  return {
    ...kept(node),
    ...definitions,
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/** A record with named keys is an object; one with free keys has no strict form. */
function propertiesOf(node: Schema, path: string): Schema {
  if (isSchema(node.properties)) return node.properties;
  const names = isSchema(node.propertyNames) ? node.propertyNames.enum : undefined;
  if (!Array.isArray(names))
    throw new TypeError(`strictJsonSchema: ${path} is a record with free keys; use an array`);
  return Object.fromEntries(names.map((name) => [String(name), node.additionalProperties]));
}

function strictEach(nodes: unknown, path: string): unknown {
  if (!isSchema(nodes)) return nodes;
  return Object.fromEntries(
    Object.entries(nodes).map(([key, node]) => [key, strictNode(node, `${path}#${key}`)]),
  );
}

/** The keywords that stay, with those that do not stay told in the description. */
function kept(node: Schema): Schema {
  const limits = Object.entries(IN_WORDS).flatMap(([key, inWords]) =>
    key in node ? [inWords(node[key])] : [],
  );
  const description = [node.description, ...limits].filter((part) => part !== undefined).join('; ');
  return {
    ...Object.fromEntries(Object.entries(node).filter(([key]) => !DROPPED.has(key))),
    ...(description === '' ? {} : { description }),
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
