import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { Bond, EditableField, Persona, Secret } from '#src/core/persona.ts';
import { editStatBlock } from './edit-stat-block.ts';
import { faultSentence } from './fault-reasons.ts';
import { parsePersona } from './persona-schema.ts';
import { cleanLine } from './text.ts';

/**
 * The sheet with one field changed by what a GM typed. Text replaces text. Lists are split at new lines or, where there
 * are none, at semicolons; `+text` adds to a list, `-2` or `-text` takes out. Bonds are written `Name: tie`, secrets
 * `text | until`, stat blocks `str=16 ac=14`; `none` takes a stat block or a picture away.
 * @throws Refusal where the text does not fit the field; nothing is changed then.
 */
export function editField(persona: Persona, field: EditableField, text: string): Persona {
  const result = parsePersona({ ...persona, [field]: edited(persona, field, text) });
  if ('persona' in result) return result.persona;
  throw new Refusal(`${result.faults.map(faultSentence).join(' ')} Nothing was changed.`);
}

function edited(persona: Persona, field: EditableField, text: string): unknown {
  switch (field) {
    case 'name':
    case 'pronouns':
    case 'role':
    case 'description':
    case 'personality':
    case 'voice':
    case 'first_mes':
      return text;
    case 'aliases':
    case 'mes_example':
    case 'goals':
    case 'fears':
    case 'knowledge':
      return editList(persona[field], text, { parts: split, read: (part) => part, label: (item) => item });
    case 'bonds':
      return editList(persona.bonds, text, { parts: splitBonds, read: readBond, label: ({ to }) => to });
    case 'secrets':
      return editList(persona.secrets, text, { parts: split, read: readSecret, label: (item) => item.text });
    case 'talkativeness':
      return readShare(text);
    case 'avatar':
      return text.trim().toLowerCase() === 'none' ? undefined : text;
    case 'stat_block':
      return editStatBlock(persona.stat_block, text);
  }
}

/** How one field's items are written and told apart. */
interface ListForm<T> {
  parts(text: string): string[];
  read(part: string): T;
  label(item: T): string;
}

function editList<T>(items: readonly T[], text: string, form: ListForm<T>): readonly T[] {
  const typed = text.trim();
  if (typed.startsWith('+')) return [...items, ...form.parts(typed.slice(1)).map(form.read)];
  if (typed.startsWith('-')) {
    const leaving = new Set(split(typed).map((part) => indexToRemove(items, part, form)));
    return items.filter((_, index) => !leaving.has(index));
  }
  return form.parts(typed).map(form.read);
}

/** @param part "-2", "-text" or, after the first, also without its dash. */
function indexToRemove<T>(items: readonly T[], part: string, form: ListForm<T>): number {
  const wanted = part.replace(/^-\s*/u, '');
  if (items.length === 0) throw new Refusal('That list is empty: there is nothing to take out.');
  if (/^\d+$/u.test(wanted)) {
    const index = Number(wanted) - 1;
    if (index >= 0 && index < items.length) return index;
    throw new Refusal(`There is no item ${wanted}: that list has ${items.length}. Nothing was changed.`);
  }
  const keys = items.map((item) => nameKey(cleanLine(form.label(item))));
  const key = nameKey(cleanLine(wanted));
  const exact = keys.indexOf(key);
  if (exact !== -1) return exact;
  const holding = [...keys.keys()].filter((index) => key !== '' && keys[index]?.includes(key));
  const [only] = holding;
  if (only !== undefined && holding.length === 1) return only;
  throw new Refusal(
    `${holding.length === 0 ? 'No item of that list says this' : 'More than one item of that list says this'}: ` +
      'take it out by its number, like -2. Nothing was changed.',
  );
}

/** At new lines where there are any, so that an item may hold a semicolon; else at semicolons. */
function split(text: string): string[] {
  return text
    .split(text.trim().includes('\n') ? '\n' : ';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** What follows a semicolon without naming anybody belongs to the tie before it: "Mara: sister; not on terms". */
function splitBonds(text: string): string[] {
  const bonds: string[] = [];
  for (const part of split(text)) {
    const last = bonds.pop();
    if (last === undefined) bonds.push(part);
    else if (part.includes(':')) bonds.push(last, part);
    else bonds.push(`${last}; ${part}`);
  }
  return bonds;
}

function readBond(part: string): Bond {
  const colon = part.indexOf(':');
  const bond = { to: part.slice(0, Math.max(0, colon)).trim(), tie: part.slice(colon + 1).trim() };
  if (bond.to !== '' && bond.tie !== '') return bond;
  throw new Refusal(
    'A bond is written as "Name: what they are to this NPC", like "Mara: older sister". Nothing was changed.',
  );
}

function readSecret(part: string): Secret {
  const bar = part.lastIndexOf('|');
  return bar === -1
    ? { text: part, until: '' }
    : { text: part.slice(0, bar).trim(), until: part.slice(bar + 1).trim() };
}

function readShare(text: string): number {
  const share = Number(text.trim().replace(',', '.'));
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new Refusal(
    'Talkativeness is a number from 0 (speaks when spoken to) to 1 (answers everything), like 0.4. Nothing was changed.',
  );
}
