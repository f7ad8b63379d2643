import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from '#commands/index.ts';
import { slackManifest } from '#src/adapters/slack/manifest.ts';
import { SCOPE_NAMES } from '#src/adapters/slack/scopes.ts';

interface Manifest {
  readonly features: {
    readonly slash_commands: readonly {
      readonly command: string;
      readonly description: string;
      readonly usage_hint?: string;
      readonly should_escape: boolean;
      readonly url?: string;
    }[];
    readonly shortcuts: readonly { readonly name: string; readonly description: string }[];
  };
  readonly oauth_config: {
    readonly scopes: { readonly bot: readonly string[] };
    readonly redirect_urls?: readonly string[];
  };
  readonly settings: object;
}
const read = (text: string): Manifest => parse(text);

const options = { commands: COMMANDS, publicUrl: undefined, socketMode: true };

describe('the manifest', () => {
  it('offers every command within Slack’s limits', () => {
    const { features } = read(slackManifest(options));
    const words = features.slash_commands.map(({ command }) => command);
    expect(words).toEqual(expect.arrayContaining(['/npc', '/scene', '/roll', '/dramatis']));
    for (const { name } of COMMANDS) {
      const [word] = name.split(' ');
      expect(words.includes(`/${word}`) || word === 'help').toBe(true);
    }
    expect(words.length).toBeLessThanOrEqual(50);
    expect(new Set(words).size).toBe(words.length);
    expect(features.shortcuts.length).toBeLessThanOrEqual(10);
    for (const { description, usage_hint, should_escape } of features.slash_commands) {
      expect(description.length).toBeLessThanOrEqual(100);
      expect(usage_hint?.length ?? 0).toBeLessThanOrEqual(1000);
      expect(should_escape).toBe(true);
    }
    for (const { name, description } of features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });

  it('needs no address for a socket', () => {
    const text = slackManifest(options);
    expect(text).not.toContain('url');
    expect(read(text).settings).toMatchObject({ socket_mode_enabled: true });
    expect(read(text).oauth_config.scopes.bot).toEqual(SCOPE_NAMES);
  });

  it('names our address over HTTP', () => {
    const publicUrl = 'https://npc.example';
    const manifest = read(slackManifest({ ...options, publicUrl, socketMode: false }));
    const events = 'https://npc.example/slack/events';
    expect(manifest.settings).toMatchObject({
      socket_mode_enabled: false,
      event_subscriptions: { request_url: events },
      interactivity: { request_url: events },
    });
    expect(manifest.features.slash_commands[0]?.url).toBe(events);
    expect(manifest.oauth_config.redirect_urls).toEqual(['https://npc.example/slack/oauth_redirect']);
  });
});
