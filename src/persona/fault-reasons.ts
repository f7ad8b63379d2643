import type * as z from 'zod';
import { nearestName } from '#src/core/names.ts';
import { clip } from '#src/core/text.ts';
import { isPlainObject } from './plain-data.ts';
import { cleanLine } from './text.ts';

/** One thing wrong with a sheet. */
export interface PersonaFault {
  /** Where: `['goals', 2]` is the third goal. */
  readonly path: readonly (string | number)[];
  /** For people: what is wrong, and what to write instead. */
  readonly reason: string;
}

/** Most characters of somebody's own text that a reason repeats. */
const ECHO_LIMIT = 40;

/** "goals, item 3: is empty." */
export function faultSentence({ path, reason }: PersonaFault): string {
  const steps = path.map((step) => (typeof step === 'number' ? `item ${step + 1}` : echo(step)));
  return `${steps.length === 0 ? 'The sheet' : `${steps.join(', ')}:`} ${reason}${/[?.]$/u.test(reason) ? '' : '.'}`;
}

/** Tells whoever wrote a sheet what is wrong with one place of it. Unknown keys give a line for each key. */
export function reasonFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeReason(issue.expected, issue.input);
    case 'too_big':
      return sizeReason(issue.origin, issue.input, `at most ${issue.maximum}`);
    case 'too_small':
      return isEmpty(issue.input)
        ? 'is empty'
        : sizeReason(issue.origin, issue.input, `at least ${issue.minimum}`);
    case 'invalid_value':
      return choiceReason(issue.values.map(String), issue.input);
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKeyReason(key, knownKeys(issue.inst))).join('\n');
    default:
      return 'does not fit here';
  }
}

function typeReason(expected: string, input: unknown): string {
  if (input === undefined || input === null) return 'is missing';
  switch (expected) {
    case 'string':
      if (Array.isArray(input)) return 'must be one text, not a list';
      return isPlainObject(input)
        ? 'must be text, but reads as keys and values: put it in quotes, because a colon followed by a space starts a value'
        : 'must be text: put it in quotes';
    case 'array':
      return 'must be a list: one item a line, each after a dash';
    case 'int':
      return 'must be a whole number';
    case 'number':
      return 'must be a number';
    default:
      return 'must be keys, each with its value';
  }
}

function sizeReason(origin: string, input: unknown, bound: string): string {
  if (typeof input === 'string') return `has ${input.length} characters; ${bound} fit`;
  if (Array.isArray(input)) return `has ${input.length} items; ${bound} fit`;
  return `must be ${bound}${origin === 'int' ? ', a whole number' : ''}`;
}

function choiceReason(choices: readonly string[], input: unknown): string {
  const typed = typeof input === 'string' || typeof input === 'number' ? echo(String(input)) : '';
  return `"${typed}" cannot stand here${didYouMean(typed, choices)} Possible: ${choices.join(', ')}`;
}

function unknownKeyReason(key: string, known: readonly string[]): string {
  return `is not a key here${didYouMean(key, known)} Known: ${known.join(', ')}`;
}

function didYouMean(typed: string, candidates: readonly string[]): string {
  const guess = nearestName(echo(typed), candidates);
  return guess === undefined ? '.' : `; did you mean "${guess}"?`;
}

function echo(text: string): string {
  return clip(cleanLine(text), ECHO_LIMIT);
}

function isEmpty(input: unknown): boolean {
  return input === '' || (Array.isArray(input) && input.length === 0);
}

function knownKeys(schema: unknown): readonly string[] {
  const isObjectSchema = (candidate: unknown): candidate is z.ZodObject =>
    typeof candidate === 'object' &&
    candidate !== null &&
    'shape' in candidate &&
    isPlainObject(candidate.shape);
  return isObjectSchema(schema) ? Object.keys(schema.shape) : [];
}
