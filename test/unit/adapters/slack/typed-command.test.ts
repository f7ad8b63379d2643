import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#commands/index.ts';
import {
  commandOfMention,
  fileOptionOf,
  missingOptions,
  optionsToAsk,
  readSlashCommand,
} from '#src/adapters/slack/typed-command.ts';

const names = { person: (id: string) => (id === 'U1' ? 'Mira' : undefined) };
const slash = (command: string, text: string) => readSlashCommand(command, text, COMMANDS, names);
const mention = (text: string) => commandOfMention(text, COMMANDS, names);

describe('a slash command', () => {
  it('is read with the terminal’s options', () => {
    expect(slash('/npc', 'generate count:3 prompt:smugglers of the salt docks')).toEqual({
      command: 'npc generate',
      options: { count: '3', prompt: 'smugglers of the salt docks' },
    });
    expect(slash('/roll', '2d6+3')).toEqual({ command: 'roll', options: { dice: '2d6+3' } });
  });

  it('may stand behind the umbrella', () => {
    expect(slash('/dramatis', 'npc talk Tilda Marsh')).toEqual(slash('/npc', 'talk Tilda Marsh'));
  });

  it('names people and groups that were picked where a person is asked for', () => {
    expect(slash('/campaign', 'gm add <@U1|mira.m>')).toEqual({
      command: 'campaign gm add',
      options: { who: 'person:U1 Mira' },
    });
    expect(slash('/campaign', 'gm add <@U7|tom>')).toMatchObject({ options: { who: 'person:U7 tom' } });
    expect(slash('/campaign', 'gm add <!subteam^S1|@storytellers>')).toMatchObject({
      options: { who: 'role:S1 storytellers' },
    });
  });

  it('has readable text everywhere else', () => {
    expect(slash('/npc', 'generate <@U1|mira> &amp; <#C1|docks>')).toMatchObject({
      options: { prompt: '@Mira & #docks' },
    });
  });

  it('takes the quotation marks that a Mac sets', () => {
    expect(slash('/npc', 'generate prompt:“a count: of one” count:2')).toMatchObject({
      options: { prompt: 'a count: of one', count: '2' },
    });
    expect(slash('/npc', 'generate she said “no” to them')).toMatchObject({
      options: { prompt: expect.stringContaining('no') },
    });
  });

  it('that is none is refused in a sentence', () => {
    expect(slash('/npc', '')).toMatchObject({ refusal: expect.stringContaining('/npc goes with') });
    expect(slash('/npc', 'generat')).toMatchObject({ refusal: expect.stringContaining('/npc generate') });
  });
});

describe('a mention', () => {
  it('that begins with a command runs it', () => {
    expect(mention('npc talk Kettle')).toEqual({ command: 'npc talk', options: { npc: 'Kettle' } });
    expect(mention('Stop')).toEqual({ command: 'stop', options: {} });
    expect(mention('stop reply')).toEqual({ command: 'stop', options: { what: 'reply' } });
    expect(mention('roll 2d6')).toEqual({ command: 'roll', options: { dice: '2d6' } });
    expect(mention('/roll 2d6 secret:true')).toEqual({
      command: 'roll',
      options: { dice: '2d6', secret: 'true' },
    });
    expect(mention('/npc tlak Kettle')).toMatchObject({ refusal: expect.any(String) });
  });

  it('that only looks like one is speech', () => {
    expect(mention('stop right there, thief!')).toBeUndefined();
    expect(mention('stop him!')).toBeUndefined();
    expect(mention('help me with this door')).toBeUndefined();
    expect(mention('npc')).toBeUndefined();
    expect(mention('Kettle, who goes there?')).toBeUndefined();
    expect(mention('')).toBeUndefined();
  });
});

describe('what is asked for in a form', () => {
  it('is what a command lacks first, then its other options, five at most', () => {
    const typed = { command: 'npc generate', options: {} };
    expect(missingOptions(typed, COMMANDS)).toEqual(['prompt']);
    const asks = optionsToAsk(typed, COMMANDS);
    expect(asks[0]).toBe('prompt');
    expect(asks).toHaveLength(5);
  });

  it('is nothing where a command can run as it was typed', () => {
    expect(optionsToAsk({ command: 'npc generate', options: { prompt: 'x' } }, COMMANDS)).toEqual([]);
    expect(optionsToAsk({ command: 'stop', options: {} }, COMMANDS)).toEqual([]);
    expect(optionsToAsk({ command: 'npc list', options: {} }, COMMANDS)).toEqual([]);
  });

  it('is a file where none came and nothing else does as well', () => {
    const lore = (options: Readonly<Record<string, string>>) => ({ command: 'lore add', options });
    expect([fileOptionOf('lore add', COMMANDS), fileOptionOf('roll', COMMANDS)]).toEqual(['file', undefined]);
    expect(missingOptions(lore({ title: 'Tolls' }), COMMANDS)).toEqual(['file']);
    expect(missingOptions(lore({ title: 'Tolls' }), COMMANDS, 'file')).toEqual([]);
    expect(optionsToAsk(lore({ title: 'Tolls' }), COMMANDS)).toEqual(['file', 'text', 'known', 'npcs']);
    expect(optionsToAsk(lore({}), COMMANDS)).toEqual(['file', 'text', 'title', 'known', 'npcs']);
    expect(optionsToAsk(lore({ text: 'Two coppers.' }), COMMANDS)).toEqual([]);
    // A name that was typed is no file.
    expect(optionsToAsk(lore({ text: 'Two coppers.', file: 'a.md' }), COMMANDS)).toContain('file');
  });

  it('is everything where a command with many options is typed alone', () => {
    expect(optionsToAsk({ command: 'roll', options: {} }, COMMANDS).length).toBeGreaterThan(2);
  });
});
