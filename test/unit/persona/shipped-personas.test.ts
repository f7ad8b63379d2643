import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nameKey } from '#src/core/names.ts';
import { PersonaFiles } from '#src/persona/persona-files.ts';

/** The cast that ships is what a new table meets first: it must hold, and hold together. */
const directory = fileURLToPath(new URL('../../../personas/', import.meta.url));
const { personas, faults } = await new PersonaFiles({ directory }).list();
const cast = personas.map(({ persona }) => persona);

describe('personas/', () => {
  it('holds', () => expect(faults).toEqual([]));

  it('points editors to the schema', async () => {
    for (const file of (await readdir(directory)).filter((name) => name.endsWith('.yaml')))
      expect(await readFile(`${directory}/${file}`, 'utf8'), file).toMatch(
        /^# yaml-language-server: \$schema=\.\/persona\.schema\.json\n/u,
      );
  });

  it('is large enough to choose from, some of it ready for a fight', () => {
    expect(cast.length).toBeGreaterThanOrEqual(10);
    expect(cast.filter((persona) => persona.stat_block !== undefined).length).toBeGreaterThanOrEqual(3);
  });

  it.each(cast.map((persona) => [persona.name, persona] as const))('%s is whole', (_, persona) => {
    for (const text of [
      persona.role,
      persona.description,
      persona.personality,
      persona.voice,
      persona.first_mes,
    ])
      expect(text).not.toBe('');
    expect(persona.mes_example.length).toBeGreaterThanOrEqual(5);
    for (const items of [persona.goals, persona.fears, persona.bonds, persona.secrets])
      expect(items.length).toBeGreaterThanOrEqual(2);
    expect(persona.knowledge.length).toBeGreaterThanOrEqual(3);
    expect(persona.secrets.some(({ until }) => until !== '') || persona.tags.includes('villain')).toBe(true);
  });

  it('is bound to itself by names that somebody bears', () => {
    const known = new Set(cast.flatMap(({ name, aliases }) => [name, ...aliases].map(nameKey)));
    const strangers = cast.flatMap(({ name, bonds }) =>
      bonds.filter(({ to }) => !known.has(nameKey(to))).map(({ to }) => `${name}: ${to}`),
    );
    expect(strangers).toEqual([]);
  });

  it('gives no two of them a name or a line in common', () => {
    const names = cast.flatMap(({ name, aliases }) => [...new Set([name, ...aliases].map(nameKey))]);
    const lines = cast.flatMap(({ mes_example, first_mes }) => [...mes_example, first_mes]);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(lines).size).toBe(lines.length);
  });
});
