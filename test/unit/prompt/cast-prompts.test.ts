import { describe, expect, it } from 'vitest';
import type { CastMember } from '#src/core/entities.ts';
import type { DraftTask, Message, PlanTask } from '#src/core/model.ts';
import { EMPTY_TASK } from '#src/generation/draft-tasks.ts';
import { loadProfiles } from '#src/models/profiles.ts';
import { tokensOfMessages } from '#src/models/tokens.ts';
import { draftPrompt, planPrompt } from '#src/prompt/cast-prompts.ts';
import { personaOf } from '../../support/personas.ts';

const count = (text: string) => Math.ceil(text.length / 4);
const profile = (await loadProfiles())('some-local-model');
const room = profile.contextWindowInTokens - profile.objectLimitInTokens;

const words = (length: number, word: string) =>
  `${word} `
    .repeat(length)
    .slice(0, length - 1)
    .concat('.');
const names = Array.from({ length: 2000 }, (_, index) => `Name${index} ${words(40, 'of')}`);
const plan: PlanTask = {
  kind: 'plan',
  count: 20,
  prompt: words(4000, 'wish'),
  level: 3,
  tone: 'grim',
  takenNames: names,
  seed: 's',
};
const member = (index: number): CastMember => ({
  name: `Member ${index}`,
  role: words(120, `role${index}`),
  hook: words(300, `hook${index}`),
  ties: [1, 2, 3].map((step) => ({ to: `Member ${(index + step) % 20}`, tie: words(300, `tie${index}`) })),
});
const draft: DraftTask = {
  ...EMPTY_TASK,
  seed: 's',
};

const own = (messages: readonly Message[]) => messages[1]?.content ?? '';

describe('planPrompt', () => {
  it('names at most 200 of the taken names, and fewer where they do not fit', () => {
    const large = own(planPrompt(plan, { ...profile, contextWindowInTokens: 128_000 }, count));
    expect(large).toContain('Name199 ');
    expect(large).not.toContain('Name200 ');
    const small = planPrompt(plan, { ...profile, contextWindowInTokens: 6000 }, count);
    expect(tokensOfMessages(small, count)).toBeLessThanOrEqual(6000 - profile.objectLimitInTokens);
    expect(own(small)).toContain('Name99 ');
    expect(own(small)).not.toContain('Name199 ');
    expect(own(small)).toContain(plan.prompt);
  });

  it('leaves names out altogether before anything else', () => {
    const tight = planPrompt(plan, { ...profile, contextWindowInTokens: 4300 }, count);
    expect(own(tight)).not.toContain('Name0');
    expect(own(tight)).toContain(plan.prompt);
  });
});

describe('draftPrompt', () => {
  const previous = personaOf('Old Nan', {
    role: 'ferrywoman',
    description: words(2000, 'looks'),
    personality: words(2000, 'moods'),
    voice: words(1000, 'voice'),
    goals: Array.from({ length: 10 }, () => words(300, 'goal')),
  });

  it('keeps all of the notes where everything else is as long as it may be', () => {
    const notes = words(4000, 'noted');
    const task = {
      ...draft,
      notes,
      hint: words(1000, 'hint'),
      prompt: words(120, 'role'),
      takenNames: names,
      previous,
    };
    const messages = draftPrompt(task, profile, count);
    expect(tokensOfMessages(messages, count)).toBeLessThanOrEqual(room);
    expect(own(messages)).toContain(`<wish>${notes}</wish>`);
    expect(own(messages)).toContain('earlier draft: {"name":"Old Nan"');
    // Also where the schema and an answer to be mended take their part of the window.
    const less = draftPrompt(task, { ...profile, contextWindowInTokens: 8192 - 3600 }, count);
    expect(tokensOfMessages(less, count)).toBeLessThanOrEqual(room - 3600 + 200);
    expect(own(less)).toContain(`<wish>${notes}</wish>`);
  });

  it('tells the others of a large cast by name and role where hooks do not fit', () => {
    const others = Array.from({ length: 19 }, (_, index) => member(index + 1));
    const task = { ...draft, member: member(0), others, prompt: words(4000, 'wish') };
    const large = own(draftPrompt(task, { ...profile, contextWindowInTokens: 32_000 }, count));
    expect(large).toContain('hook19');
    const messages = draftPrompt(task, profile, count);
    expect(tokensOfMessages(messages, count)).toBeLessThanOrEqual(room);
    expect(own(messages)).not.toContain('hook19');
    expect(own(messages)).toContain('role19');
    for (const mine of ['hook0', 'tie0', task.prompt]) expect(own(messages)).toContain(mine);
  });

  it('shortens a full sheet that stands, and cuts notes last of all', () => {
    const keep = {
      name: 'Old Nan',
      voice: words(1000, 'voice'),
      knowledge: Array.from({ length: 30 }, (_, index) => words(500, `known${index}`)),
      mes_example: Array.from({ length: 20 }, (_, index) => words(400, `said${index}`)),
    };
    const notes = words(4000, 'noted');
    const messages = draftPrompt({ ...draft, keep, notes }, profile, count);
    expect(tokensOfMessages(messages, count)).toBeLessThanOrEqual(room);
    expect(own(messages)).toContain(notes);
    expect(own(messages)).toContain('known0');
    expect(own(messages)).not.toContain('known29');
    const tight = draftPrompt({ ...draft, keep, notes }, { ...profile, contextWindowInTokens: 4400 }, count);
    expect(tokensOfMessages(tight, count)).toBeLessThanOrEqual(1400);
    expect(own(tight)).toContain('noted noted');
    expect(own(tight)).not.toContain(notes);
  });

  it('tells hook and ties of who is drafted alone', () => {
    expect(own(draftPrompt({ ...draft, member: member(0) }, profile, count))).toContain('hook0');
  });
});
