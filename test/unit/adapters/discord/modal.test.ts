import { type APIModalSubmission, ComponentType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { modalOf, typedValues } from '#src/adapters/discord/modal.ts';
import type { OptionSpec } from '#src/core/command.ts';
import type { FormField, FormView } from '#src/core/form.ts';

const base = { description: 'What it is', required: false };
const field = (spec: OptionSpec, change: Partial<FormField> = {}): FormField => ({
  option: 'value',
  label: 'Value',
  spec,
  value: '',
  ...change,
});
const form = (...fields: readonly FormField[]): FormView => ({
  title: 'Change Hroon',
  command: 'npc edit',
  options: { npc: 'Hroon' },
  fields,
});
const shown = (view: FormView) => {
  const modal = modalOf(view, 'code');
  if ('tooLong' in modal) throw new Error('not showable');
  return modal;
};

describe('a form', () => {
  it('is a modal with a field for each option', () => {
    const modal = shown(
      form(
        field({ ...base, kind: 'text', maxLength: 3000, required: true }, { value: 'as it is' }),
        field({ ...base, kind: 'text', maxLength: 40 }),
        field({ ...base, kind: 'choice', choices: ['5e', 'none'] }, { value: 'none' }),
        field({ ...base, kind: 'flag' }),
        field({ ...base, kind: 'who' }),
      ),
    );
    expect(modal).toMatchObject({
      custom_id: 'code',
      title: 'Change Hroon',
      components: [
        {
          type: ComponentType.Label,
          label: 'Value',
          description: 'What it is',
          component: {
            type: ComponentType.TextInput,
            custom_id: 'value',
            style: 2,
            max_length: 3000,
            required: true,
            value: 'as it is',
          },
        },
        { component: { type: ComponentType.TextInput, style: 1, max_length: 40, required: false } },
        {
          component: {
            type: ComponentType.StringSelect,
            options: [
              { label: '5e', value: '5e', default: false },
              { label: 'none', value: 'none', default: true },
            ],
          },
        },
        {
          component: {
            type: ComponentType.StringSelect,
            options: [
              { label: 'Yes', value: 'true' },
              { label: 'No', value: 'false' },
            ],
          },
        },
        { component: { type: ComponentType.MentionableSelect } },
      ],
    });
  });

  it('stays within Discord’s limits', () => {
    const spec: OptionSpec = { ...base, description: 'd'.repeat(300), kind: 'text', maxLength: 9000 };
    const long = { label: 'l'.repeat(90), value: 'v'.repeat(4000) };
    const modal = shown({
      ...form(...Array.from({ length: 7 }, () => field(spec, long))),
      title: 't'.repeat(90),
    });
    expect(modal.title.length).toBe(45);
    expect(modal.components).toHaveLength(5);
    expect(modal.components[0]).toMatchObject({
      label: `${'l'.repeat(44)}…`,
      description: `${'d'.repeat(99)}…`,
      component: { max_length: 4000, value: long.value },
    });
  });

  it('cannot be shown where a value would be cut', () => {
    const tooLong = field({ ...base, kind: 'text', maxLength: 9000 }, { value: 'v'.repeat(4001) });
    expect(modalOf(form(tooLong), 'code')).toEqual({ tooLong });
  });
});

describe('what was typed', () => {
  it('comes back by option, without what was left empty', () => {
    const submission = {
      custom_id: 'code',
      resolved: { roles: { '9': { id: '9', name: 'Game masters' } } },
      components: [
        {
          type: ComponentType.Label,
          id: 1,
          component: { type: ComponentType.TextInput, id: 2, custom_id: 'value', value: 'new' },
        },
        {
          type: ComponentType.Label,
          id: 3,
          component: { type: ComponentType.TextInput, id: 4, custom_id: 'hint', value: ' ' },
        },
        {
          type: ComponentType.Label,
          id: 5,
          component: { type: ComponentType.StringSelect, id: 6, custom_id: 'system', values: ['5e'] },
        },
        {
          type: ComponentType.Label,
          id: 7,
          component: { type: ComponentType.StringSelect, id: 8, custom_id: 'none', values: [] },
        },
        {
          type: ComponentType.Label,
          id: 9,
          component: { type: ComponentType.MentionableSelect, id: 10, custom_id: 'who', values: ['9'] },
        },
        {
          type: ComponentType.ActionRow,
          id: 11,
          components: [{ type: ComponentType.TextInput, id: 12, custom_id: 'old', value: 'row' }],
        },
        { type: ComponentType.TextDisplay, id: 13 },
      ],
      // Discord sends more of a role; only this is read.
    } as unknown as APIModalSubmission;
    expect(typedValues(submission)).toEqual({
      value: 'new',
      system: '5e',
      who: 'role:9 Game masters',
      old: 'row',
    });
  });
});
