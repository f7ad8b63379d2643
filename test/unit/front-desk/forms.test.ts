import { describe, expect, it } from 'vitest';
import { loreAdd } from '#commands/lore-add.ts';
import { formOf } from '#src/front-desk/forms.ts';

describe('a form', () => {
  const given = { title: 'Tolls', file: 'typed.md' };
  const asks = ['text', 'file', 'known'];

  it('asks for files where the platform’s forms take them: a name that was typed is none', () => {
    const { fields, options } = formOf(loreAdd, { options: given, asks, takesFiles: true }, {});
    expect(fields.map(({ option, value }) => [option, value])).toEqual([
      ['text', ''],
      ['file', ''],
      ['known', ''],
    ]);
    expect(options).toEqual({ title: 'Tolls' });
  });

  it('leaves them out elsewhere', () => {
    const { fields } = formOf(loreAdd, { options: given, asks }, {});
    expect(fields.map(({ option }) => option)).toEqual(['text', 'known']);
  });
});
