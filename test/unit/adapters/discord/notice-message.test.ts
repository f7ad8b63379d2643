import { ComponentType } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionsOf, noticePages } from '#src/adapters/discord/notice-message.ts';
import type { Action, Block, CardView, Notice } from '#src/core/view.ts';
import { notice } from '#src/core/view.ts';
import { expectWithinLimits, labelsOf, textOf } from './components.ts';

const codeOf = ({ label, command }: Action) => `${command}|${label}`.slice(0, 100);
const told = (blocks: readonly Block[], actions: readonly Action[] = []): Notice => ({
  tone: 'plain',
  blocks,
  actions,
});
const press = (label: string): Action => ({ label, command: 'npc keep', options: { npc: label } });
const card = (name: string, text = 'Weathered.'): CardView => ({
  name,
  subtitle: 'ferrywoman · she/her',
  badge: 'draft',
  sections: [
    { label: 'Looks', items: [text], isHidden: false },
    { label: 'Secrets', items: ['Owes the guild.', 'Cannot swim.'], isHidden: true },
  ],
});

describe('a notice', () => {
  it('is one message with its words, its buttons, and the colour of its tone', () => {
    const [page = [], ...more] = noticePages(
      { ...notice('good', 'Hroon is *kept*.'), actions: [press('Talk')] },
      codeOf,
    );
    expect(more).toEqual([]);
    expect(textOf(page)).toBe('Hroon is \\*kept\\*.');
    expect(labelsOf(page)).toEqual(['Talk']);
    expect(page[0]).toMatchObject({ type: ComponentType.Container, accent_color: 0x4f9d69 });
    expect(noticePages(notice('plain', 'Plain.'), codeOf)[0]?.[0]?.type).toBe(ComponentType.TextDisplay);
  });

  it('has headings, facts, lists and tables in Discord’s Markdown', () => {
    const [page = []] = noticePages(
      told([
        { kind: 'heading', text: 'The *Salt* Docks' },
        { kind: 'facts', facts: [{ label: 'NPCs', value: '3' }] },
        { kind: 'list', items: ['one\ntwo', '- three'] },
        {
          kind: 'table',
          columns: [
            { title: 'Model', align: 'left' },
            { title: 'Calls', align: 'right' },
          ],
          rows: [
            ['small', '12'],
            ['la`rge', '3'],
          ],
        },
      ]),
      codeOf,
    );
    expect(textOf(page)).toBe(
      [
        '### The \\*Salt\\* Docks',
        '**NPCs** 3',
        '- one\n  two',
        '- \\- three',
        "```\nModel   Calls\nsmall      12\nla'rge      3\n```",
      ].join('\n'),
    );
  });

  it('leads to the thread that it speaks of', () => {
    const block = { kind: 'text', text: 'Kettle waits in a thread.', leadsTo: '4711' } as const;
    expect(textOf(noticePages(told([block]), codeOf)[0] ?? [])).toBe('Kettle waits in a thread.\n<#4711>');
  });

  it('shows figures that are too wide for a phone as rows below their titles', () => {
    const [page = []] = noticePages(
      told([
        {
          kind: 'table',
          columns: [
            { title: 'Model', align: 'left' },
            { title: 'Calls', align: 'right' },
          ],
          rows: [['a-model-with-a-very-long-name-of-its-own-indeed', '12']],
        },
      ]),
      codeOf,
    );
    expect(textOf(page)).toBe('-# Model · Calls\n**a-model-with-a-very-long-name-of-its-own-indeed** · 12');
  });

  it('shows a table of words as lines, without its titles', () => {
    const [page = []] = noticePages(
      told([
        {
          kind: 'table',
          columns: [
            { title: 'Name', align: 'left' },
            { title: 'About', align: 'left' },
            { title: '', align: 'left' },
          ],
          rows: [
            ['Hroon', 'a bridge troll', 'draft'],
            ['*Tilda*', '', ''],
          ],
        },
      ]),
      codeOf,
    );
    expect(textOf(page)).toBe('**Hroon** · a bridge troll · draft\n**\\*Tilda\\***');
  });

  it('shows a card whole, with what only the GM may know marked', () => {
    const [page = []] = noticePages(
      told([{ kind: 'card', card: card('Tilda'), actions: [press('Keep')] }]),
      codeOf,
    );
    expect(textOf(page)).toBe(
      '### Tilda · draft\n-# ferrywoman · she/her\n**Looks** Weathered.\n**Secrets (GM only)**\n- Owes the guild.\n- Cannot swim.',
    );
  });

  it('puts three cards with their buttons into one message, shortened where they are long', () => {
    const names = ['Tilda', 'Bram', 'Ysolde'];
    const cards = names.map((name) => ({
      kind: 'card' as const,
      card: card(name, 'A long look. '.repeat(300)),
      actions: ['Keep', 'Reroll', 'Edit', 'Discard', 'Talk'].map((label) => press(`${label} ${name}`)),
    }));
    const pages = noticePages(told(cards, [press('Next')]), codeOf);
    expect(pages).toHaveLength(1);
    expectWithinLimits(pages[0] ?? []);
    for (const name of names) expect(textOf(pages[0] ?? [])).toContain(`… more with /npc show npc:${name}`);
    // What is said of the page is below all cards, and in none of them.
    expect(pages[0]?.at(-1)).toMatchObject({
      type: ComponentType.ActionRow,
      components: [{ label: 'Next' }],
    });
  });

  it('leaves out a button that has no code, and one that stands there already', () => {
    const actions = [press('Keep'), press('Keep'), press('Gone')];
    const [page = []] = noticePages({ ...notice('plain', 'Well?'), actions }, (action) =>
      action.label === 'Gone' ? undefined : codeOf(action),
    );
    expect(labelsOf(page)).toEqual(['Keep']);
  });

  it('goes on in further messages where it has too many buttons for one', () => {
    const actions = Array.from({ length: 60 }, (_, index) => press(`Button ${index}`));
    const pages = noticePages({ ...notice('plain', 'Choose.'), actions }, codeOf);
    expect(pages).toHaveLength(2);
    for (const page of pages) expectWithinLimits(page);
    expect(pages.flatMap(labelsOf)).toEqual(actions.map(({ label }) => label));
  });

  it('is within every limit, whatever it holds, and loses no button', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ minLength: 3000, maxLength: 9000 }),
      fc.constantFrom('', '\u200b', '```', '*'.repeat(3000), '@everyone '.repeat(500)),
    );
    const action = fc.record({ label: text }).map(({ label }) => press(label));
    const anyCard = fc
      .record({
        name: text,
        subtitle: text,
        badge: fc.constantFrom('', 'kept'),
        sections: fc.array(
          fc.record({ label: text, items: fc.array(text, { maxLength: 4 }), isHidden: fc.boolean() }),
          { maxLength: 5 },
        ),
      })
      .map((view) => view satisfies CardView);
    const block: fc.Arbitrary<Block> = fc.oneof(
      fc.record({ kind: fc.constant('text' as const), text }),
      fc.record({ kind: fc.constant('heading' as const), text }),
      fc.record({ kind: fc.constant('list' as const), items: fc.array(text, { maxLength: 5 }) }),
      fc.record({
        kind: fc.constant('facts' as const),
        facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 5 }),
      }),
      fc.record({
        kind: fc.constant('table' as const),
        columns: fc.constant([
          { title: 'One', align: 'left' as const },
          { title: 'Two', align: 'right' as const },
        ]),
        rows: fc.array(fc.tuple(text, text), { maxLength: 30 }),
      }),
      fc.record({
        kind: fc.constant('card' as const),
        card: anyCard,
        actions: fc.array(action, { maxLength: 8 }),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 6 }),
        fc.array(action, { maxLength: 30 }),
        (blocks, actions) => {
          const whole = told(blocks, actions);
          let count = 0;
          const pages = noticePages(whole, () => `code ${count++}`);
          for (const page of pages) expectWithinLimits(page);
          expect(pages.flatMap(labelsOf)).toHaveLength(actionsOf(whole).length);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });
});
