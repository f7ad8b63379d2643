import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePersona, personaJsonSchema } from '#src/persona/persona-schema.ts';

const guide = await readFile(new URL('../../../docs/personas.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/```yaml\n(.*?)```/gsu)].map(([, yaml = '']): unknown => parse(yaml));

/** The guide's examples run, and it names what there is. */
describe('docs/personas.md', () => {
  it('has examples that hold', () => {
    const [sheet, statBlock] = examples;
    expect(parsePersona(sheet)).toHaveProperty('persona.name', 'Mother Quince');
    expect(parsePersona({ ...Object(sheet), ...Object(statBlock) })).toHaveProperty(
      'persona.stat_block.hit_dice.count',
      3,
    );
  });

  it('explains every key and no other', () => {
    const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/gu)].map(([, key]) => key),
    );
    expect(named.toSorted()).toEqual(Object.keys(Object(personaJsonSchema().properties)).toSorted());
  });
});
