import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formMemory, rememberedForm } from '#src/adapters/slack/form-memory.ts';
import { placeOf } from '#src/adapters/slack/place.ts';
import type { Action } from '#src/core/view.ts';
import { type OpenTeam, openTeam } from './open-team.ts';

let open: OpenTeam;
const shelf = new Map<string, Action>();
const shelve = async (action: Action) => {
  shelf.set('code', action);
  return 'code';
};
const front = { unshelve: async (_place: unknown, code: string) => shelf.get(code) };
beforeEach(async () => {
  open = await openTeam();
  shelf.clear();
});
afterEach(() => open[Symbol.asyncDispose]());

const home = () => ({ teamId: open.team.id, teamName: open.team.name, directWith: undefined });
const typed = { command: 'npc edit', options: { npc: 'Mira' } };

describe('what a form carries through Slack', () => {
  it('leads back to its command, its scene and the message it replaces', async () => {
    const spot = { channel: 'C1', threadTs: '1.5' };
    const place = placeOf(home(), spot);
    const written = await formMemory({ typed, place, spot, inPlace: { kind: 'message', ts: '9.1' } }, shelve);
    expect(await rememberedForm(written, open.team, 'U1', front)).toEqual({
      typed,
      where: { place, spot, thread: 'scene' },
      inPlace: { kind: 'message', ts: '9.1' },
    });
  });

  it('leads to the channel’s scene from a thread that has none', async () => {
    const spot = { channel: 'C1', threadTs: '1.5' };
    const place = placeOf(home(), { channel: 'C1', threadTs: undefined });
    const written = await formMemory({ typed, place, spot, inPlace: undefined }, shelve);
    expect(await rememberedForm(written, open.team, 'U1', front)).toMatchObject({ where: { place, spot } });
  });

  it('is shelved where it is too long for Slack', async () => {
    const spot = { channel: 'C1', threadTs: undefined };
    const place = placeOf(home(), spot);
    const long = { ...typed, options: { npc: 'x'.repeat(4000) } };
    const written = await formMemory({ typed: long, place, spot, inPlace: undefined }, shelve);
    expect(written.length).toBeLessThanOrEqual(3000);
    expect(await rememberedForm(written, open.team, 'U1', front)).toMatchObject({ typed: long });
    shelf.clear();
    expect(await rememberedForm(written, open.team, 'U1', front)).toBeUndefined();
  });

  it.each([
    '',
    'null',
    '{}',
    '{"command":1}',
    '{"command":"stop","channel":"C1","inThread":true,"options":{"a":1}}',
  ])('that we never wrote leads nowhere: %s', async (written) => {
    expect(await rememberedForm(written, open.team, 'U1', front)).toBeUndefined();
  });
});
