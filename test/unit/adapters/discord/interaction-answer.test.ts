import { describe, expect, it } from 'vitest';
import { type AnswerForm, InteractionAnswer } from '#src/adapters/discord/interaction-answer.ts';
import type { MessagePage } from '#src/adapters/discord/message-pages.ts';
import { AskerUnreachable } from '#src/core/errors.ts';
import { APPLICATION } from './guild.ts';
import { type Answer, record, refusal } from './recorder.ts';

const EPHEMERAL = 64;
const V2 = 1 << 15;
const page = (content: string): MessagePage => [{ type: 10, content }];
const ORIGINAL = `/webhooks/${APPLICATION}/TOKEN/messages/@original`;
const FOLLOW_UP = `POST /webhooks/${APPLICATION}/TOKEN`;

async function begin(
  form: AnswerForm,
  options: { isPressedHidden?: boolean; answer?: (request: string) => Answer | undefined } = {},
) {
  const server = await record(options.answer);
  await server.api.identify();
  const clock = { time: 0, now: () => clock.time };
  const answer = new InteractionAnswer({
    api: server.api,
    clock,
    interaction: { id: '900', token: 'TOKEN' },
    form,
    isPressedHidden: options.isPressedHidden ?? false,
  });
  await answer.acknowledge();
  return { server, clock, answer, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('an interaction', () => {
  it.each<[AnswerForm, object]>([
    ['shown', { type: 5 }],
    ['hidden', { type: 5, data: { flags: EPHEMERAL } }],
    ['in place', { type: 6 }],
  ])('is acknowledged as %s', async (form, body) => {
    await using begun = await begin(form);
    expect(begun.server.journal).toMatchObject([{ request: 'POST /interactions/900/TOKEN/callback', body }]);
  });

  it('is answered in place of what was announced, then by further messages', async () => {
    await using begun = await begin('shown');
    await begun.answer.tell([page('One.'), page('Two.')], 'everyone');
    await begun.answer.tell([page('Hush.')], 'asker');
    expect(begun.server.journal.slice(1)).toMatchObject([
      { request: `PATCH ${ORIGINAL}`, body: { components: page('One.'), flags: V2 } },
      { request: FOLLOW_UP, body: { components: page('Two.'), flags: V2 } },
      { request: FOLLOW_UP, body: { components: page('Hush.'), flags: V2 | EPHEMERAL } },
    ]);
    for (const { body } of begun.server.journal.slice(1)) {
      expect(body.allowed_mentions).toEqual({ parse: [], replied_user: false });
    }
  });

  it('whose answer is for others than announced takes the announcement back', async () => {
    await using begun = await begin('shown');
    await begun.answer.tell([page('Hush.')], 'asker');
    expect(begun.server.journal.slice(1)).toMatchObject([
      { request: `DELETE ${ORIGINAL}` },
      { request: FOLLOW_UP, body: { flags: V2 | EPHEMERAL } },
    ]);
  });

  it('of a button lets its message be changed whatever else was said, as long as Discord does', async () => {
    await using begun = await begin('in place');
    await begun.answer.tell([page('Hush.')], 'asker');
    await begun.answer.finish();
    expect([
      await begun.answer.refresh(page('Once more.')),
      await begun.answer.refresh(page('And again.')),
    ]).toEqual([true, true]);
    expect(begun.server.journal.slice(2)).toMatchObject([
      { request: `PATCH ${ORIGINAL}`, body: { components: page('Once more.'), flags: V2 } },
      { request: `PATCH ${ORIGINAL}`, body: { components: page('And again.'), flags: V2 } },
    ]);
    begun.clock.time += 15 * 60_000;
    expect(await begun.answer.refresh(page('Too late.'))).toBe(false);
    await using gone = await begin('in place', {
      answer: (request) => (request.startsWith('PATCH') ? refusal(404, 10008) : undefined),
    });
    expect(await gone.answer.refresh(page('Gone.'))).toBe(false);
    await using command = await begin('hidden');
    expect(await command.answer.refresh(page('Nothing was pressed.'))).toBe(false);
  });

  it('of a button changes its message for everyone, and for the asker only where they alone see it', async () => {
    await using open = await begin('in place');
    await open.answer.tell([page('Page 2.')], 'everyone');
    expect(open.server.requests[1]).toBe(`PATCH ${ORIGINAL}`);
    await using asked = await begin('in place');
    await asked.answer.tell([page('No.')], 'asker');
    expect(asked.server.requests.slice(1)).toEqual([FOLLOW_UP]);
    // A word to them alone is not the change that is still to come.
    await asked.answer.tell([page('Page 2.')], 'everyone');
    expect(asked.server.requests.slice(2)).toEqual([`PATCH ${ORIGINAL}`]);
    await using hidden = await begin('in place', { isPressedHidden: true });
    await hidden.answer.tell([page('Page 2.')], 'asker');
    expect(hidden.server.requests[1]).toBe(`PATCH ${ORIGINAL}`);
  });

  it('is taken back where nothing was told, and where somebody dismissed it already', async () => {
    for (const form of ['hidden', 'shown'] as const) {
      await using quiet = await begin(form);
      await quiet.answer.finish();
      expect(quiet.server.requests.slice(1)).toEqual([`DELETE ${ORIGINAL}`]);
    }
    await using dismissed = await begin('hidden', {
      answer: (request) => (request.startsWith('DELETE') ? refusal(404, 10008) : undefined),
    });
    await dismissed.answer.finish();
    await using told = await begin('hidden');
    await told.answer.tell([page('Well.')], 'asker');
    await told.answer.finish();
    expect(told.server.requests).toHaveLength(2);
    await using pressed = await begin('in place');
    await pressed.answer.finish();
    expect(pressed.server.requests).toHaveLength(1);
  });

  it('says it all the same where somebody dismissed the announcement', async () => {
    await using begun = await begin('hidden', {
      answer: (request) => (request.startsWith('PATCH') ? refusal(404, 10008) : undefined),
    });
    await begun.answer.tell([page('Well.')], 'asker');
    expect(begun.server.requests.slice(1)).toEqual([`PATCH ${ORIGINAL}`, FOLLOW_UP]);
  });

  it('cannot be answered once its time is over, and sends nothing then', async () => {
    await using begun = await begin('hidden');
    begun.clock.time = 14.6 * 60_000;
    expect(begun.answer.isOpen).toBe(false);
    await expect(begun.answer.tell([page('Late.')], 'asker')).rejects.toThrow(AskerUnreachable);
    await begun.answer.finish();
    expect(begun.server.requests).toHaveLength(1);
  });

  it.each([
    [404, 10062],
    [401, 50027],
    [404, 10015],
  ])('cannot be answered where Discord says so (%i, %i)', async (status, code) => {
    await using begun = await begin('hidden', {
      answer: (request) => (request.startsWith('PATCH') ? refusal(status, code) : undefined),
    });
    await expect(begun.answer.tell([page('Well.')], 'asker')).rejects.toThrow(AskerUnreachable);
    expect(begun.answer.isOpen).toBe(false);
  });

  it('tells in order what is told at once', async () => {
    await using begun = await begin('shown');
    await Promise.all(['One.', 'Two.', 'Three.'].map((text) => begun.answer.tell([page(text)], 'everyone')));
    expect(begun.server.journal.slice(1).map(({ body }) => body.components)).toEqual([
      page('One.'),
      page('Two.'),
      page('Three.'),
    ]);
  });
});
