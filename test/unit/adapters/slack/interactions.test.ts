import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '#commands/index.ts';
import { CommandDesk } from '#src/adapters/slack/command-desk.ts';
import { FormReply } from '#src/adapters/slack/form-reply.ts';
import { Hearing } from '#src/adapters/slack/hearing.ts';
import { Interactions } from '#src/adapters/slack/interactions.ts';
import { errorsOf } from '#src/adapters/slack/modal.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Front, IncomingCall, IncomingLine } from '#src/core/front.ts';
import { notice } from '#src/core/view.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam, quietFront, stageTools } from './open-team.ts';

let open: OpenTeam;
let mira: SlackPerson;
let tavern: Channel;
let calls: IncomingCall[];
let lines: IncomingLine[];
beforeEach(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira] });
  [calls, lines] = [[], []];
});
afterEach(() => open[Symbol.asyncDispose]());

function desk(own: Partial<Front> = {}) {
  const front = quietFront({
    run: async (call) => void calls.push(call),
    hear: async (line) => void lines.push(line),
    ...own,
  });
  const tools = stageTools(front);
  const commands = new CommandDesk(tools);
  return new Interactions(tools, commands, new Hearing(tools, commands));
}
const here = () => ({
  channel: tavern.id,
  userId: mira.id,
  threadTs: undefined,
  responseUrl: undefined,
  triggerId: 'no trigger',
  callId: 'call-1',
});
const press = (code: string) => ({ ...here(), code, messageTs: undefined, isEphemeral: false });
const slash = (command: string, text: string) => ({ ...here(), command, text });
const told = () =>
  mira.sees(tavern).map(({ text, isEphemeral }) => `${isEphemeral ? '(alone) ' : ''}${text}`);

describe('a slash command', () => {
  it('runs as typed, once for each trigger', async () => {
    await desk().slash(open.team, slash('/npc', 'talk Kettle'));
    expect(calls).toMatchObject([{ command: 'npc talk', options: { npc: 'Kettle' }, callId: 'no trigger' }]);
  });

  it('of the app’s own name alone lists what there is', async () => {
    await desk().slash(open.team, slash('/dramatis', ' '));
    expect(calls).toMatchObject([{ command: 'help' }]);
  });

  it.each([
    ['/npc', 'help'],
    ['/campaign', ' HELP '],
    ['/dramatis', 'help'],
  ])('that asks for help gets it: %s %s', async (command, text) => {
    await desk().slash(open.team, slash(command, text));
    expect(calls).toMatchObject([{ command: 'help', options: {} }]);
  });

  it('whose own text is “help” is given that', async () => {
    await desk().slash(open.team, slash('/say', 'help'));
    expect(calls).toMatchObject([{ command: 'say', options: { text: 'help' } }]);
  });

  it('that is none brings to mind only what the person may run', async () => {
    const allowed = async () => COMMANDS.filter(({ permission }) => permission === 'player');
    await desk({ allowed }).slash(open.team, slash('/npc', 'tlak Kettle'));
    expect(told()[0]).toMatch(/^\(alone\) There is no command/);
    expect(told()[0]).not.toMatch(/\/npc (?:talk|generate)/);
    // What there is, and is typed wrongly, is said as it is.
    await desk({ allowed }).slash(open.team, slash('/npc', 'talk npc:Kettle npc:Tilda'));
    expect(told()[1]).toContain('npc is given twice');
  });

  it('that is none is answered to the one who typed it', async () => {
    await desk().slash(open.team, slash('/npc', 'tlak Kettle'));
    expect(calls).toEqual([]);
    expect(told()).toEqual([expect.stringMatching(/^\(alone\) There is no command/)]);
  });
});

describe('a button', () => {
  it.each(['', 'no code of ours', '1s|nothing-there', '1a|npc keep||'.repeat(300)])(
    'that nobody knows does nothing, and says so: %.20s',
    async (code) => {
      await desk().press(open.team, press(code));
      expect(calls).toEqual([]);
      expect(told()).toEqual([expect.stringContaining('(alone) Nobody knows any more')]);
    },
  );

  it('that asks for a form too late says so', async () => {
    const form = { title: 'Edit', command: 'npc edit', options: {}, fields: [] };
    const own = { form: async () => form };
    await desk(own).press(open.team, press('1a|npc edit||field|npc=Mira'));
    expect(told()).toEqual([expect.stringContaining('(alone)')]);
    expect(calls).toEqual([]);
  });

  it('whose command may not be asked for shows the refusal', async () => {
    await desk().press(open.team, press('1a|npc edit||field|npc=Mira'));
    expect(told()).toEqual(['(alone) No.']);
  });
});

describe('what fails inside', () => {
  it('is told to the one who acted, and logged', async () => {
    const own = {
      unshelve: () => Promise.reject(new Error('the disk is full of secrets')),
    };
    await desk(own).press(open.team, press('1s|code'));
    expect(told()).toEqual([expect.stringContaining('(alone) ⚠️ That did not work')]);
    expect(told().join()).not.toContain('secrets');
    expect(open.logged.join()).toContain('Something in Slack failed');
  });

  it('is a refusal where it is one', async () => {
    const own = { unshelve: () => Promise.reject(new Refusal('Not here.')) };
    await desk(own).press(open.team, press('1s|code'));
    expect(told()).toEqual(['(alone) Not here.']);
    expect(open.logged.join()).not.toContain('Something in Slack failed');
  });
});

describe('a shortcut', () => {
  const chosen = (message: object) => ({
    ...here(),
    message: { channel: tavern.id, ts: '17.1', ...message },
  });

  it('says a person’s message to those on stage', async () => {
    await desk().shortcut(open.team, 'say', chosen({ user: mira.id, text: 'Kettle?' }));
    expect(lines).toMatchObject([{ text: 'Kettle?', isDirect: true, messageId: '17.1' }]);
    expect(told()).toEqual([expect.stringContaining('(alone) It was said')]);
  });

  it('says so only once it was said', async () => {
    const refused = desk({ hear: () => Promise.reject(new Refusal('Not here.')) });
    await refused.shortcut(open.team, 'say', chosen({ user: mira.id, text: 'Kettle?' }));
    expect(told()).toEqual(['(alone) Not here.']);
  });

  it('in a thread that Slack does not tell of does nothing, and says so', async () => {
    const root = mira.says(tavern, 'A thread').ts;
    open.slack.disturb(({ method }) =>
      method === 'conversations.replies' ? { error: 'fatal_error' } : undefined,
    );
    await desk().shortcut(open.team, { command: 'stop' }, { ...chosen({}), threadTs: root });
    expect(calls).toEqual([]);
    expect(told().at(-1)).toMatch(/^\(alone\) Slack did not say whose thread/);
  });

  it('says nothing that a program wrote', async () => {
    await desk().shortcut(open.team, 'say', chosen({ user: mira.id, bot_id: 'B1', text: 'Kettle?' }));
    expect(lines).toEqual([]);
    expect(told()).toEqual([expect.stringContaining('Only what a person said')]);
  });

  it('runs its command', async () => {
    await desk().shortcut(open.team, { command: 'stop' }, chosen({}));
    expect(calls).toMatchObject([{ command: 'stop', callId: 'call-1' }]);
  });

  it('that nobody knows says so, also from anywhere', async () => {
    await desk().shortcut(open.team, undefined, chosen({}));
    expect(told()).toEqual([expect.stringContaining('Nobody knows any more')]);
    await desk().globalShortcut(open.team, undefined, { userId: mira.id, triggerId: 'x' });
    expect(mira.sees(mira.dm).at(-1)?.text).toContain('Nobody knows any more');
  });
});

describe('a form', () => {
  it('that we never made is too old', async () => {
    const sent = { userId: mira.id, viewId: 'V1', metadata: '{}', values: {} };
    await desk().submit(open.team, sent, new FormReply());
    expect(calls).toEqual([]);
    expect(mira.sees(mira.dm).at(-1)?.text).toContain('too old');
  });

  it('sent runs its command with what was filled in, people by name', async () => {
    const memory = {
      command: 'campaign gm add',
      options: {},
      channel: tavern.id,
      inThread: false,
    };
    const reply = new FormReply();
    const sent = {
      userId: mira.id,
      viewId: 'V1',
      metadata: JSON.stringify(memory),
      values: { 'field-who': { value: { selected_user: mira.id } } },
    };
    await desk().submit(open.team, sent, reply);
    expect(calls).toMatchObject([
      { command: 'campaign gm add', callId: 'form-V1-0', options: { who: `person:${mira.id} Mira` } },
    ]);
    expect(await reply.refusal).toBeUndefined();
  });

  it('brings a file as Slack tells of it, and says under its field why it does not do', async () => {
    const memory = { command: 'lore add', options: { title: 'Tolls' }, channel: tavern.id, inThread: false };
    const file = mira.uploads({ name: 'tolls.md', bytes: '# Tolls' });
    mira.says(tavern, 'Here', { files: [file] });
    const sent = (files: readonly { readonly id: string; readonly name: string }[]) => ({
      userId: mira.id,
      viewId: 'V1',
      metadata: JSON.stringify(memory),
      values: { 'field-file': { value: { files } } },
    });
    await desk().submit(open.team, sent([{ id: file.id, name: 'forged.pdf' }]), new FormReply());
    expect(calls).toMatchObject([{ command: 'lore add', options: { title: 'Tolls', file: 'tolls.md' } }]);
    const bytes = await calls[0]?.files?.get('file')?.read();
    expect(new TextDecoder().decode(bytes)).toBe('# Tolls');

    const reply = new FormReply();
    await desk().submit(open.team, sent([{ id: 'F0FORGED', name: 'forged.pdf' }]), reply);
    expect(calls).toHaveLength(1);
    expect(errorsOf((await reply.refusal) ?? '', sent([]).values)).toEqual({
      'field-file': expect.stringContaining('gone from Slack'),
    });
  });

  const sentForm = () => ({
    userId: mira.id,
    viewId: 'V1',
    metadata: JSON.stringify({ command: 'npc talk', options: {}, channel: tavern.id, inThread: false }),
    values: { 'field-npc': { value: { value: 'Nobody' } } },
  });

  it('that is refused stays open and says why, and may be sent anew', async () => {
    const interactions = desk({
      run: async (call, stage) => {
        calls.push(call);
        await stage.tell(notice('refusal', 'Nobody is called that. See /help.'), 'asker');
        await stage.tell(notice('hint', 'And more.'), 'asker');
      },
    });
    const [first, second] = [new FormReply(), new FormReply()];
    await interactions.submit(open.team, sentForm(), first);
    await interactions.submit(open.team, sentForm(), second);
    expect(await first.refusal).toBe('Nobody is called that. See /dramatis help.');
    expect(told()).toEqual(['(alone) And more.', '(alone) And more.']);
    expect(calls.map(({ callId }) => callId)).toEqual(['form-V1-0', 'form-V1-1']);
  });

  it('that was closed already is refused beside it', async () => {
    const reply = new FormReply();
    const interactions = desk({
      run: async (_, stage) => {
        await stage.tell(notice('good', 'Something happens.'), 'everyone');
        await stage.tell(notice('refusal', 'No more of it.'), 'asker');
      },
    });
    await interactions.submit(open.team, sentForm(), reply);
    expect(await reply.refusal).toBeUndefined();
    expect(told()).toEqual(['Something happens.', '(alone) No more of it.']);
  });

  it('is closed before Slack waits no longer', async () => {
    const reply = new FormReply(1);
    expect(await reply.refusal).toBeUndefined();
    expect(reply.refuse('Too late.')).toBe(false);
  });
});
