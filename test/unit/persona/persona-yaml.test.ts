import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readPersonaYaml } from '#src/persona/persona-yaml.ts';
import { sheet } from './arbitrary-persona.ts';

/** Faults as "line: reason". */
function faults(text: string): string[] {
  const result = readPersonaYaml(text);
  return 'faults' in result ? result.faults.map(({ line, reason }) => `${line}: ${reason}`) : [];
}

describe('readPersonaYaml', () => {
  it('reads a sheet and where its name stands', () => {
    const result = readPersonaYaml('# note\nrole: ferrier\nname: Ada\ngoals:\n  - gold\n');
    expect(result).toMatchObject({ persona: { name: 'Ada', goals: ['gold'] }, nameLine: 3 });
  });

  it('gives each fault its line, in their order', () => {
    const text = [
      'name: Ada', // 1
      'role: ferrier',
      'goals:',
      '  - gold',
      '  - 12', // 5
      'bonds:',
      '  - to: Bo',
      '    tie: cousin',
      '  - to: Cy', // 9: no tie
      'secrets:',
      '  - text: >-', // 11
      `      ${'x'.repeat(501)}`,
      'stat_block:',
      '  abilities: { str: 50 }', // 14
      'descripton: tall', // 15
    ].join('\n');
    expect(faults(text)).toEqual([
      '5: goals, item 2: must be text: put it in quotes.',
      '9: bonds, item 2, tie: is missing.',
      '11: secrets, item 1, text: has 501 characters; at most 500 fit.',
      '14: stat_block, abilities, str: must be at most 30.',
      expect.stringMatching(/^15: descripton: is not a key here; did you mean "description"\? Known: /u),
    ]);
  });

  it.each([
    ['', '1: The file is empty'],
    ['# only a note', '1: The file is empty'],
    ['just words', '1: The sheet must be keys, each with its value.'],
    ['- name: Ada', '1: The sheet must be keys'],
    ['role: x', '1: name: is missing.'],
    ['name: Ada', '1: The sheet needs at least one of role'],
    ['name: Ada\nrole: a: b', '2: The indentation does not fit, or a text holds a colon'],
    ['name: Ada\n  role: x', '1: The indentation does not fit'],
    ['name: Ada\nname: Bo\nrole: x', '2: This key already stands above'],
    ['name: Ada\ngoals:\n\t- x', '3: Tabs cannot indent YAML'],
    ['name: Ada\nrole: @x', '2: A text that begins with @'],
    ['name: Ada\nrole: !x y', '2: A text that begins with !'],
    ['name: Ada\nrole: x\n---\nname: Bo\nrole: y', '3: The file holds more than one sheet'],
    ['name: Ada\nrole: x\n? [a]\n: b', '3: The YAML is broken here'],
    [
      'name: Ada\nknowledge:\n - Password: swordfish',
      '3: knowledge, item 1: must be text, but reads as keys',
    ],
    ['name: Ada\nrole: *bold*', '2: Aliases (*name) are not read here'],
    ['__proto__: { name: Ada }\nrole: x\nname: B', '1: __proto__: is not a key here'],
  ])('%j is refused', (text, fault) => {
    const [first = ''] = faults(text);
    expect(first.startsWith(fault), first).toBe(true);
  });

  it('refuses aliases before they unfold', () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `  l${index}: &l${index} [*l${index - 1}, *l${index - 1}]`,
    );
    const bomb = ['name: Ada', 'role: x', 'extensions:', '  l: &l-1 [x]', ...levels].join('\n');
    expect(faults(bomb)[0]).toMatch(/^5: Aliases/u);
  });

  it('refuses what is nested without end', () =>
    expect(faults('['.repeat(20_000))[0]).toMatch(/nested too deeply/u));

  it('never throws, whatever the file holds', () => {
    const signs = fc.array(
      fc.constantFrom(
        'name',
        ': ',
        '\n',
        '  ',
        '- ',
        '"',
        "'",
        '[',
        '{',
        '}',
        '&a ',
        '*a',
        '!t ',
        '|',
        '>',
        '#',
        '? ',
        '%',
        '---',
        '\t',
        'x',
        '\u0000',
      ),
      { maxLength: 40 },
    );
    const texts = fc.oneof(
      fc.string(),
      signs.map((parts) => parts.join('')),
      sheet.map((value) => stringify(value)),
      fc.tuple(sheet, fc.nat()).map(([value, at]) => stringify(value).slice(0, at % 400)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = readPersonaYaml(text);
        if ('persona' in result) expect(result.nameLine).toBeGreaterThan(0);
        else {
          expect(result.faults.length).toBeGreaterThan(0);
          for (const { line, reason } of result.faults) {
            expect(line).toBeGreaterThan(0);
            expect(reason).toMatch(/\S/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
