import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clipEscaped,
  packMessages,
  pieces,
  plainSection,
  textLength,
} from '#src/adapters/slack/block-kit.ts';
import { boardMessage } from '#src/adapters/slack/board-blocks.ts';
import { noticeMessages } from '#src/adapters/slack/notice-blocks.ts';
import type { Action, Block, CardView, Notice } from '#src/core/view.ts';

const codeOf = ({ command }: Action) => command;
const notice = (...blocks: readonly Block[]): Notice => ({ tone: 'plain', blocks, actions: [] });
const action = (label: string): Action => ({ label, command: 'npc keep', options: { npc: 'Mira' } });
const card = (length: number): CardView => ({
  name: 'Mira <!channel>',
  subtitle: 'smuggler',
  badge: 'draft',
  sections: Array.from({ length: 12 }, (_, index) => ({
    label: `Part ${index}`,
    items: ['&'.repeat(length)],
    isHidden: index === 3,
  })),
});

/** What Slack would refuse. */
function faults(blocks: readonly object[]): readonly string[] {
  const found: string[] = [];
  if (blocks.length > 50) found.push('too many blocks');
  if (textLength(blocks) > 13_200) found.push('too much text');
  const visit = (value: unknown, type: string, key: string): void => {
    if (Array.isArray(value)) {
      if (key === 'elements' && type === 'actions' && value.length > 25) found.push('too many buttons');
      if (key === 'fields' && value.length > 10) found.push('too many fields');
      for (const each of value) visit(each, type, key);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const own = 'type' in value && typeof value.type === 'string' ? value.type : '';
    if ('text' in value && typeof value.text === 'string') {
      const max =
        { header: 150, section: key === 'fields' ? 2000 : 3000, button: 75, context: 2000 }[type] ?? 3000;
      if (value.text.length > max) found.push(`${type} of ${value.text.length}`);
      if (value.text === '') found.push(`${type} is empty`);
      if (own === 'mrkdwn' && /<|>/.test(value.text)) found.push(`markup in ${value.text}`);
      if (own === 'mrkdwn' && !('verbatim' in value && value.verbatim === true)) found.push('not verbatim');
    }
    if ('value' in value && typeof value.value === 'string' && value.value.length > 2000) found.push('value');
    const inner = ['plain_text', 'mrkdwn'].includes(own) ? type : own || type;
    for (const [name, each] of Object.entries(value)) visit(each, inner, name);
  };
  for (const block of blocks) visit(block, '', '');
  return found;
}

describe('a notice', () => {
  it('shows its text as it stands, under no markup', () => {
    const [message] = noticeMessages(notice({ kind: 'text', text: '*not bold* <!channel> @here' }), codeOf);
    expect(message?.blocks).toEqual([
      {
        type: 'section',
        text: { type: 'plain_text', text: '*not bold* <!channel> @here', emoji: false },
        expand: true,
      },
    ]);
    expect(message?.text).toBe('*not bold* &lt;!channel&gt; @here');
  });

  it('calls commands as they are typed in Slack', () => {
    const [message] = noticeMessages(
      notice({ kind: 'text', text: 'See /help, /npc talk and a/help.' }),
      codeOf,
    );
    expect(JSON.stringify(message)).toContain('See /dramatis help, /npc talk and a/help.');
  });

  it('says where the thread is that it speaks of', () => {
    const block = { kind: 'text', text: 'Kettle waits in a thread.', leadsTo: 'C1/17.1' } as const;
    const [message] = noticeMessages(notice(block), codeOf);
    expect(message?.text).toBe('Kettle waits in a thread. It is the one above.');
  });

  it('says with a sign that something went wrong', () => {
    const [message] = noticeMessages({ ...notice({ kind: 'text', text: 'No.' }), tone: 'trouble' }, codeOf);
    expect(JSON.stringify(message?.blocks)).toContain('⚠️ No.');
  });

  it('has its buttons, each with an id of its own and its code', () => {
    const [message] = noticeMessages(
      { ...notice({ kind: 'text', text: 'x' }), actions: [action('A'), action('B')] },
      codeOf,
    );
    expect(message?.blocks.at(-1)).toMatchObject({
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'dramatis-action-0', value: 'npc keep', text: { text: 'A' } },
        { action_id: 'dramatis-action-1' },
      ],
    });
  });

  it('shows a table in letters of one width, which no cell breaks out of', () => {
    const [message] = noticeMessages(
      notice({
        kind: 'table',
        columns: [
          { title: 'Name', align: 'left' },
          { title: 'Age', align: 'right' },
        ],
        rows: [['```Mira', '31']],
      }),
      codeOf,
    );
    expect(message?.blocks).toMatchObject([{ text: { text: "```Name     Age\n'''Mira   31```" } }]);
  });

  it('shows figures that are too wide for that as a list below their titles', () => {
    const [message] = noticeMessages(
      notice({
        kind: 'table',
        columns: [
          { title: 'Model', align: 'left' },
          { title: 'Calls', align: 'right' },
        ],
        rows: [['m'.repeat(70), '12']],
      }),
      codeOf,
    );
    expect(message?.blocks).toMatchObject([{ text: { text: `_Model · Calls_\n*${'m'.repeat(70)}* · 12` } }]);
  });

  it('shows a table of words as a list, and says so to screen readers, without its titles', () => {
    const [message] = noticeMessages(
      notice(
        { kind: 'heading', text: 'Who there is' },
        {
          kind: 'table',
          columns: [
            { title: 'Name', align: 'left' },
            { title: 'Role', align: 'left' },
            { title: '', align: 'left' },
          ],
          rows: [
            ['Mira & Tom', 'twins', 'draft'],
            ['Hroon', 'ogre', ''],
          ],
        },
      ),
      codeOf,
    );
    const text = '*Mira &amp; Tom* · twins · draft\n*Hroon* · ogre';
    expect(message?.blocks[1]).toMatchObject({ text: { type: 'mrkdwn', text } });
    expect(message?.text).toBe('Who there is Mira &amp; Tom, twins, draft; Hroon, ogre');
  });

  it('keeps three huge cards in one message, so that they can be leafed through', () => {
    const cards: readonly Block[] = [1, 2, 3].map(() => ({
      kind: 'card',
      card: card(590),
      actions: ['Keep', 'Reroll', 'Edit', 'Discard', 'Talk'].map(action),
    }));
    const messages = noticeMessages(notice({ kind: 'heading', text: 'Page 1' }, ...cards), codeOf);
    expect(messages).toHaveLength(1);
    expect(faults(messages[0]?.blocks ?? [])).toEqual([]);
    expect(JSON.stringify(messages)).toContain('/npc show');
  });

  it('shows one huge card whole, in several messages', () => {
    const messages = noticeMessages(notice({ kind: 'card', card: card(590) }), codeOf);
    expect(messages.length).toBeGreaterThan(1);
    expect(JSON.stringify(messages)).toContain('Part 11');
    for (const { blocks } of messages) expect(faults(blocks)).toEqual([]);
  });

  it('keeps every limit, whatever it says', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 5000 }),
      fc.constant('<&>'.repeat(2500)),
      fc.constant('x'.repeat(9000)),
    );
    const block: fc.Arbitrary<Block> = fc.oneof(
      fc.record({ kind: fc.constant('text' as const), text }),
      fc.record({ kind: fc.constant('heading' as const), text }),
      fc.record({ kind: fc.constant('list' as const), items: fc.array(text, { maxLength: 4 }) }),
      fc.record({
        kind: fc.constant('facts' as const),
        facts: fc.array(fc.record({ label: fc.string({ minLength: 1 }), value: text }), { maxLength: 25 }),
      }),
      fc.record({
        kind: fc.constant('table' as const),
        columns: fc.constant([
          { title: 'A', align: 'left' as const },
          { title: 'B', align: 'right' as const },
        ]),
        rows: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 80 }),
      }),
    );
    const labels = fc.array(fc.string(), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 30 }), labels, (blocks, names) => {
        for (const message of noticeMessages({ tone: 'plain', blocks, actions: names.map(action) }, codeOf)) {
          expect(faults(message.blocks)).toEqual([]);
          expect(message.text.length).toBeLessThanOrEqual(4000);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a board', () => {
  it('fits into one message with 20 rows and three huge cards', () => {
    const { blocks } = boardMessage(
      {
        title: 'x'.repeat(300),
        progress: 'Drafting: 3 of 20 done.',
        slots: Array.from(
          { length: 20 },
          (_, index) => `${'N'.repeat(60)} ${index}, ${'r'.repeat(40)} — failed: ${'w'.repeat(80)}`,
        ),
        cards: [1, 2, 3].map(() => ({
          card: card(600),
          actions: ['Keep', 'Reroll', 'Edit', 'Discard', 'Talk'].map(action),
        })),
        actions: ['Stop', 'Next ▸'].map(action),
      },
      codeOf,
    );
    expect(faults(blocks)).toEqual([]);
  });
});

describe('what keeps text within limits', () => {
  it('cuts escaped text between entities', () => {
    expect(clipEscaped('ab&amp;cd', 5)).toBe('ab…');
    expect(clipEscaped('ab&amp;', 7)).toBe('ab&amp;');
  });

  it('cuts into pieces without losing a word or half a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 10, max: 50 }),
        (text, max) => {
          const parts = pieces(text, max);
          for (const part of parts) {
            expect(part.length).toBeLessThanOrEqual(max);
            expect(part.isWellFormed()).toBe(text.isWellFormed() || part.isWellFormed());
          }
          expect(parts.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
        },
      ),
    );
  });

  it('shares blocks out in order', () => {
    const blocks = Array.from({ length: 60 }, (_, index) => plainSection(`${index} ${'x'.repeat(900)}`));
    const messages = packMessages(blocks);
    expect(messages.flat()).toEqual(blocks);
    expect(messages.length).toBeGreaterThan(3);
  });
});
