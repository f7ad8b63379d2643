import type { CastMember, CastRequest } from '#src/core/entities.ts';
import { PERSONA_FIELDS, type Persona, type PersonaField } from '#src/core/persona.ts';
import type { Action, Notice } from '#src/core/view.ts';
import type { Tables } from './tables.ts';

/**
 * Reads JSON that this adapter wrote. `fits` tells whether it is of the kind written there: not every field is checked,
 * for that was done before it was stored.
 *
 * @throws Error naming table and row. It has no cause and does not show the text, of which JSON.parse would quote a
 * part: it may hold what players wrote, and errors are logged.
 */
export function readJson<T>(
  text: string,
  fits: (value: unknown) => value is T,
  table: keyof Tables,
  row: string,
): T {
  const value = parse(text);
  if (fits(value)) return value;
  throw new Error(
    `Row ${row} of table ${table} holds JSON that cannot be read. Something else changed it: restore the database from a backup.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isPersona(value: unknown): value is Persona {
  return isRecord(value) && typeof value.name === 'string' && isRecord(value.extensions);
}

export function isCastRequest(value: unknown): value is CastRequest {
  return isRecord(value) && typeof value.prompt === 'string';
}

export function isCastMembers(value: unknown): value is CastMember[] {
  return isList(value) && value.every((member) => isRecord(member) && typeof member.name === 'string');
}

export function isTexts(value: unknown): value is string[] {
  return isList(value) && value.every((item) => typeof item === 'string');
}

export function isLocks(value: unknown): value is PersonaField[] {
  const fields: readonly unknown[] = PERSONA_FIELDS;
  return isList(value) && value.every((field) => fields.includes(field));
}

export function isAction(value: unknown): value is Action {
  return isRecord(value) && typeof value.command === 'string' && isRecord(value.options);
}

export function isNotice(value: unknown): value is Notice {
  return isRecord(value) && isList(value.blocks) && isList(value.actions);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
