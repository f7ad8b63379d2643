import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardView } from '#src/persona/card-view.ts';
import { parsePersona } from '#src/persona/persona-schema.ts';

const result = parsePersona({
  name: 'Ada',
  aliases: ['HIDDEN-alias'],
  pronouns: 'she/her',
  role: 'ferrier',
  description: 'Tall.',
  personality: 'HIDDEN-personality',
  voice: 'Slow.',
  mes_example: ['Hm.', 'HIDDEN-line', 'HIDDEN-more', 'never shown'],
  first_mes: 'HIDDEN-greeting',
  goals: ['HIDDEN-goal', 'HIDDEN-goal two'],
  fears: ['HIDDEN-fear'],
  bonds: [{ to: 'Bo', tie: 'HIDDEN-bond' }],
  knowledge: ['HIDDEN-knowledge'],
  secrets: [{ text: 'HIDDEN-secret', until: 'when asked' }, { text: 'HIDDEN-second' }],
  stat_block: {
    creature_type: 'humanoid (HIDDEN-kin)',
    challenge_rating: 5,
    abilities: { str: 16, dex: 8, con: 14 },
    armor_class: 15,
    hit_dice: '4d8',
    saving_throws: ['str'],
    skills: ['athletics'],
    languages: ['Common'],
    actions: [
      { name: 'HIDDEN-gaff', attack: { ability: 'str', damage_dice: '1d6', damage_type: 'piercing' } },
      { name: 'Whistle', text: 'The dog comes.' },
    ],
  },
  creator_notes: 'HIDDEN-notes',
  extensions: { dramatis: 'HIDDEN-extension' },
});
if ('faults' in result) throw new Error('the sheet must hold');
const { persona } = result;

describe('cardView', () => {
  it('shows everybody what anybody would notice, and nothing else', () => {
    const view = cardView({ persona, status: 'draft' }, 'everyone');
    expect(view).toEqual({
      name: 'Ada',
      subtitle: 'ferrier · she/her',
      badge: 'draft',
      sections: [
        { label: 'Looks', items: ['Tall.'], isHidden: false },
        { label: 'Voice', items: ['Slow.', '“Hm.”'], isHidden: false },
      ],
    });
    expect(JSON.stringify(view)).not.toContain('HIDDEN');
  });

  it('shows the GM the whole sheet, with the rest of it marked as hidden', () => {
    const view = cardView({ persona, status: 'kept' }, 'gm');
    const shown = view.sections.filter(({ isHidden }) => !isHidden);
    expect(shown).toEqual(cardView({ persona }, 'everyone').sections);
    const hidden = Object.fromEntries(
      view.sections.filter(({ isHidden }) => isHidden).map(({ label, items }) => [label, items]),
    );
    expect(hidden).toEqual({
      'Also called': ['HIDDEN-alias'],
      Personality: ['HIDDEN-personality'],
      'More lines': ['“HIDDEN-line”', '“HIDDEN-more”'],
      Greeting: ['“HIDDEN-greeting”'],
      Goals: ['HIDDEN-goal', 'HIDDEN-goal two'],
      Fears: ['HIDDEN-fear'],
      Bonds: ['Bo: HIDDEN-bond'],
      Knowledge: ['HIDDEN-knowledge'],
      Secrets: ['HIDDEN-secret (tells when asked)', 'HIDDEN-second (never by itself)'],
      'Stat block': [
        'Medium humanoid (HIDDEN-kin), neutral · CR 5 (proficiency +3)',
        'AC 15 · HP 26 (4d8+8) · Speed 30 ft.',
        'STR 16 (+3) · DEX 8 (-1) · CON 14 (+2) · INT 10 (+0) · WIS 10 (+0) · CHA 10 (+0)',
        'Saves: STR +6',
        'Skills: athletics +6',
        'Languages: Common',
        'Passive perception 10',
      ],
      Actions: ['HIDDEN-gaff. +6 to hit, reach 5 ft. Hit: 6 (1d6 + 3) piercing.', 'Whistle. The dog comes.'],
      Notes: ['HIDDEN-notes'],
    });
  });

  it('leaves out what is empty', () => {
    const bare = parsePersona({ name: 'Bo', personality: 'x', pronouns: '', stat_block: {} });
    if ('faults' in bare) throw new Error('the sheet must hold');
    const view = cardView({ persona: bare.persona, status: 'discarded' }, 'gm');
    expect([view.subtitle, view.badge]).toEqual(['', '']);
    expect(view.sections.map(({ label }) => label)).toEqual(['Personality', 'Stat block']);
    expect(view.sections[1]?.items).toHaveLength(4);
  });

  it('tells nobody else what a sheet hides, whatever it holds', () => {
    const field = fc.constantFrom(
      'personality',
      'first_mes',
      'creator_notes',
      'goals',
      'fears',
      'knowledge',
      'aliases',
    );
    fc.assert(
      fc.property(field, fc.uuid(), (key, mark) => {
        const value = Array.isArray(Reflect.get(persona, key)) ? [mark] : mark;
        expect(JSON.stringify(cardView({ persona: { ...persona, [key]: value } }, 'everyone'))).not.toContain(
          mark,
        );
      }),
    );
  });
});
