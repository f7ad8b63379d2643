import { describe, expect, it } from 'vitest';
import {
  attachmentWords,
  mentionedPeople,
  readableText,
  withoutMentionOf,
} from '#src/adapters/slack/incoming-text.ts';

const names = { person: (id: string) => (id === 'U1' ? 'Mira' : undefined) };

describe('a message as people read it', () => {
  it.each([
    ['hello &lt;b&gt; &amp;amp; all', 'hello <b> &amp; all'],
    ['<@U1> and <@U2|tom> and <@U3>', '@Mira and @tom and @somebody'],
    ['in <#C1|tavern> and <#C2>', 'in #tavern and #channel'],
    ['<!here> <!channel> <!everyone>', '@here @channel @everyone'],
    ['<!subteam^S1|@gms> <!subteam^S2>', '@gms @group'],
    ['<!date^1700000000^{date}|14 November>', '14 November'],
    ['<https://a.example/x>', 'https://a.example/x'],
    ['<https://a.example/x|a map>', 'a map (https://a.example/x)'],
    ['<http://example.org|example.org>', 'example.org'],
    ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
    ['1 < 2 and <> stay', '1 < 2 and <> stay'],
  ])('%s', (text, expected) => {
    expect(readableText(text, names)).toBe(expected);
  });
});

describe('mentions', () => {
  it('are found, each once', () => {
    expect(mentionedPeople('<@U1> <@U2|x> <@U1> <#C1|y>')).toEqual(['U1', 'U2']);
  });

  it('of us are taken from the beginning alone, and known anywhere', () => {
    expect(withoutMentionOf('UBOT', '<@UBOT>, <@UBOT|dramatis>: hello')).toEqual({
      rest: 'hello',
      isMention: true,
    });
    expect(withoutMentionOf('UBOT', 'hello <@UBOT>')).toEqual({ rest: 'hello <@UBOT>', isMention: true });
    expect(withoutMentionOf('UBOT', '<@U1> hello')).toEqual({ rest: '<@U1> hello', isMention: false });
  });
});

describe('what came along', () => {
  it('is called as people call it', () => {
    expect(
      attachmentWords([
        { name: 'a.png', mimetype: 'image/png' },
        { name: 'map.pdf', mimetype: 'application/pdf' },
        { name: null, title: 'Notes' },
        {},
      ]),
    ).toEqual(['a picture', 'map.pdf', 'Notes', 'a file']);
  });
});
