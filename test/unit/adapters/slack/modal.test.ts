import { describe, expect, it } from 'vitest';
import { commandModal, typedInModal } from '#src/adapters/slack/command-modal.ts';
import { errorsOf, filledIn, formModal, sharedIn } from '#src/adapters/slack/modal.ts';
import type { FormField } from '#src/core/form.ts';

const base = { description: 'What it is', required: false } as const;
const field = (spec: FormField['spec'], value = ''): FormField => ({
  option: 'it',
  label: 'It',
  spec,
  value,
});
const element = (spec: FormField['spec'], value = '') => {
  const form = { title: 'Form', command: 'npc edit', options: {}, fields: [field(spec, value)] };
  return formModal(form, 'memory').blocks[0];
};

describe('a form as a modal', () => {
  it('has Slack’s lengths, whatever the words', () => {
    const view = formModal(
      {
        title: 'A title that is far too long for Slack',
        command: 'x',
        options: {},
        fields: [field({ ...base, kind: 'text', maxLength: 8000 }, 'y'.repeat(5000))],
      },
      'memory',
    );
    expect(view.title.text.length).toBeLessThanOrEqual(24);
    expect(view.private_metadata).toBe('memory');
    expect(view.blocks[0]).toMatchObject({
      element: { type: 'plain_text_input', multiline: true, max_length: 3000 },
    });
    expect(JSON.stringify(view)).not.toContain('y'.repeat(3001));
  });

  it('asks in the way that fits the option', () => {
    expect(element({ ...base, kind: 'integer', min: 1, max: 20 }, '3')).toMatchObject({
      element: { type: 'number_input', min_value: '1', max_value: '20', initial_value: '3' },
    });
    expect(element({ ...base, kind: 'flag' }, 'true')).toMatchObject({
      element: { type: 'static_select', initial_option: { value: 'true' } },
    });
    expect(element({ ...base, kind: 'choice', choices: ['5e', 'none'] })).toMatchObject({
      element: { type: 'static_select', options: [{ value: '5e' }, { value: 'none' }] },
    });
    expect(element({ ...base, kind: 'who' }, 'person:U1 Mira')).toMatchObject({
      element: { type: 'users_select', initial_user: 'U1' },
    });
    expect(element({ ...base, kind: 'npc', among: 'stage' })).toMatchObject({
      element: { type: 'plain_text_input', multiline: false },
    });
    expect(element({ ...base, kind: 'file', extensions: ['md', 'pdf'] })).toMatchObject({
      optional: true,
      element: { type: 'file_input', filetypes: ['md', 'pdf'], max_files: 1 },
    });
  });

  it('lets an NPC be chosen where it is known who there is, and else typed', () => {
    const spec = { ...base, kind: 'npc', among: 'known' } as const;
    const asking = (value: string, names: readonly string[]) =>
      formModal(
        { title: 'Form', command: 'npc talk', options: {}, fields: [field(spec, value)] },
        'memory',
        new Map([['it', names]]),
      ).blocks[0];
    expect(asking('', ['Kettle', 'Tilda Marsh'])).toMatchObject({
      element: { type: 'static_select', options: [{ value: 'Kettle' }, { value: 'Tilda Marsh' }] },
    });
    expect(asking('kettle', ['Kettle'])).toMatchObject({ element: { initial_option: { value: 'Kettle' } } });
    const many = Array.from({ length: 101 }, (_, index) => `NPC ${index}`);
    for (const [value, names] of [
      ['Gone', ['Kettle']],
      ['', []],
      ['', many],
      ['', ['n'.repeat(151)]],
    ] as const) {
      expect(asking(value, names)).toMatchObject({ element: { type: 'plain_text_input' } });
    }
  });

  it('says under the field that is meant why it does not do', () => {
    const values = { 'field-prompt': {}, 'field-count': {} };
    expect(errorsOf('count is a whole number.', values)).toEqual({
      'field-count': 'count is a whole number.',
    });
    expect(errorsOf('That count is not known.', values)).toEqual({
      'field-count': 'That count is not known.',
    });
    expect(errorsOf('Nobody is called that.', values)).toEqual({ 'field-prompt': 'Nobody is called that.' });
  });

  it('lets nothing be emptied that was filled in', () => {
    expect(element({ ...base, kind: 'flag' })).toMatchObject({ optional: true });
    expect(element({ ...base, kind: 'flag' }, 'true')).toMatchObject({ optional: false });
    expect(element({ ...base, required: true, kind: 'flag' })).toMatchObject({ optional: false });
  });
});

describe('what comes back', () => {
  it('is what was filled in, by option', () => {
    expect(
      filledIn({
        'field-prompt': { value: { value: ' smugglers ' } },
        'field-count': { value: { value: null } },
        'field-system': { value: { selected_option: { value: '5e' } } },
        'field-who': { value: { selected_user: 'U1' } },
        other: { value: { value: 'not ours' } },
      }),
    ).toEqual({ prompt: 'smugglers', system: '5e', who: 'person:U1' });
  });

  it('has the files apart', () => {
    const values = {
      'field-file': { value: { files: [{ id: 'F1' }] } },
      'field-other': { value: { files: null } },
      'field-title': { value: { value: 'Tolls' } },
    };
    expect(sharedIn(values)).toEqual([{ id: 'F1' }]);
    expect(filledIn(values)).toEqual({ title: 'Tolls' });
  });
});

describe('a form for any command', () => {
  it('knows its place, or lets the person choose one', () => {
    const here = commandModal({ channel: 'C1', threadTs: '1.5' });
    expect(here.blocks).toHaveLength(1);
    expect(
      typedInModal(here.private_metadata ?? '', { command: { value: { value: ' npc list ' } } }),
    ).toEqual({
      text: 'npc list',
      channel: 'C1',
      threadTs: '1.5',
    });
    const anywhere = commandModal(undefined);
    expect(anywhere.blocks).toHaveLength(2);
    expect(
      typedInModal('', {
        command: { value: { value: 'roll' } },
        channel: { value: { selected_conversation: 'C2' } },
      }),
    ).toEqual({ text: 'roll', channel: 'C2', threadTs: undefined });
  });

  it('without a channel is none', () => {
    expect(typedInModal('', { command: { value: { value: 'roll' } } })).toBeUndefined();
    expect(typedInModal('{"channel":1}', {})).toBeUndefined();
  });
});
