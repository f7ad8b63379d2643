import fc from 'fast-check';
import type { CampaignStore } from '#src/core/store.ts';
import {
  addNpc,
  anyLocks,
  anyPersona,
  castRequest,
  newLine,
  newNpc,
  persona,
  type TestClock,
} from '../contract/store-samples.ts';

const NPCS = ['wren', 'oda', 'brum'] as const;
const CHANNELS = ['tavern', 'docks'] as const;

const anyNpc = fc.constantFrom(...NPCS);
const anyText = fc.string({ unit: 'binary', maxLength: 30 });

const anyStep = fc.oneof(
  { weight: 6, arbitrary: sayStep() },
  fc.record({ do: fc.constant('wait' as const), durationInMs: fc.integer({ min: -5_000, max: 90_000_000 }) }),
  fc.record({ do: fc.constant('revise' as const), at: fc.nat(), text: anyText }),
  fc.record({ do: fc.constant('retract' as const), at: fc.nat() }),
  fc.record({ do: fc.constant('use' as const), npc: anyNpc, at: fc.nat() }),
  fc.record({ do: fc.constant('pin' as const), npc: anyNpc, at: fc.nat() }),
  fc.record({ do: fc.constant('forget' as const), npc: anyNpc, at: fc.nat() }),
  fc.record({ do: fc.constant('weigh' as const), npc: anyNpc, isPromoted: fc.boolean(), importance: unit() }),
  fc.record({ do: fc.constant('fold' as const), npc: anyNpc, text: anyText }),
  fc.record({ do: fc.constant('tell' as const), npc: anyNpc, text: anyText }),
  fc.record({
    do: fc.constant('lore' as const),
    title: fc.constantFrom('Docks', 'docks', 'The Toll'),
    audience: fc.constantFrom('everyone', 'npcs', 'gm'),
    npc: anyNpc,
    texts: fc.array(
      anyText.filter((text) => text !== ''),
      { maxLength: 3 },
    ),
  }),
  fc.record({ do: fc.constant('sheet' as const), npc: anyNpc, persona: anyPersona }),
  fc.record({ do: fc.constant('locks' as const), npc: anyNpc, locks: anyLocks }),
  fc.record({ do: fc.constant('character' as const), person: fc.constantFrom('p1', 'p2'), name: anyText }),
  fc.record({ do: fc.constant('leave' as const), channel: fc.constantFrom(...CHANNELS), npc: anyNpc }),
  fc.record({ do: fc.constant('cast' as const), isStopped: fc.boolean() }),
  fc.record({ do: fc.constant('rest' as const), lines: fc.nat(5) }),
  fc.record({ do: fc.constant('world time' as const), minute: fc.nat(1_000_000) }),
);

/** What happens in a campaign, one thing after another. */
export const anyHistory = fc.array(anyStep, { maxLength: 40 });

type Step = typeof anyStep extends fc.Arbitrary<infer Each> ? Each : never;

/** Lets all of it happen in an empty campaign. */
export async function live(
  campaign: CampaignStore,
  clock: TestClock,
  history: readonly Step[],
): Promise<void> {
  for (const npc of NPCS) await addNpc(campaign, newNpc(npc));
  const lines: string[] = [];
  for (const [number, step] of history.entries()) await take(campaign, clock, step, { lines, number });
}

function sayStep() {
  return fc.record({
    do: fc.constant('say' as const),
    channel: fc.constantFrom(...CHANNELS),
    witnesses: fc.uniqueArray(anyNpc),
    text: anyText,
    kind: fc.constantFrom('speech' as const, 'ooc' as const),
    state: fc.constantFrom('said', 'cut', 'failed', 'stopped'),
    speaker: fc.constantFrom('npc', 'character', 'gm'),
    posts: fc.nat(2),
  });
}

function unit() {
  return fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs);
}

async function take(
  campaign: CampaignStore,
  clock: TestClock,
  step: Step,
  { lines, number }: { readonly lines: string[]; readonly number: number },
): Promise<void> {
  const id = `step ${number}`;
  const lineAt = (at: number) => lines[at % Math.max(1, lines.length)] ?? 'none';
  switch (step.do) {
    case 'say': {
      const scene = await campaign.scenes.open(step.channel);
      for (const npc of step.witnesses) await campaign.scenes.enter(scene.id, npc);
      const speaker = { kind: step.speaker, id: step.speaker === 'npc' ? 'wren' : 'p1', name: 'Somebody' };
      const { kind, text, state } = step;
      const witnesses = kind === 'ooc' ? [] : step.witnesses;
      const replyTo = lines.at(-1);
      await campaign.lines.append(
        newLine(id, scene.id, { ...{ speaker, kind, text, state, witnesses, replyTo } }),
      );
      for (let post = 0; post < step.posts; post += 1) await campaign.lines.addPost(id, `${id} in ${post}`);
      lines.push(id);
      return;
    }
    case 'wait':
      clock.time += step.durationInMs;
      return;
    case 'revise':
      await campaign.lines.revise(lineAt(step.at), step.text);
      return;
    case 'retract':
      await campaign.lines.retract(lineAt(step.at));
      return;
    case 'use':
      return campaign.memories.used(step.npc, [lineAt(step.at)]);
    case 'pin':
      await campaign.memories.pin(step.npc, lineAt(step.at), true);
      return;
    case 'forget':
      await campaign.memories.forget(step.npc, lineAt(step.at));
      return;
    case 'weigh': {
      const [held] = await campaign.memories.held(step.npc, { shelf: 'recent', limit: 1 });
      if (held === undefined) return;
      const { importance, isPromoted } = step;
      const weighed = [{ id: held.unit.id, text: held.unit.text, importance, isPromoted }];
      await campaign.consolidation.settle(step.npc, { weighed, folded: [], letGo: [] });
      return;
    }
    case 'fold': {
      const [held] = await campaign.memories.held(step.npc, { shelf: 'recent', limit: 1 });
      if (held === undefined || step.text === '') return;
      const sources = [{ id: held.unit.id, text: held.unit.text }];
      const folded = [{ memoryId: `of ${held.unit.id}`, text: step.text, importance: 0.5, sources }];
      await campaign.consolidation.settle(step.npc, { weighed: [], folded, letGo: [] });
      return;
    }
    case 'tell':
      await campaign.memories.tell(step.npc, {
        ...{ id, text: step.text, importance: 0.9, isPinned: false, by: 'Gale', inPlaceOf: undefined },
      });
      return;
    case 'lore': {
      const kind = step.audience;
      const audience =
        kind === 'npcs'
          ? ({ kind, npcIds: [step.npc] } as const)
          : kind === 'gm'
            ? ({ kind } as const)
            : ({ kind } as const);
      const passages = [...new Set(step.texts)].map((text) => ({
        ...{ heading: 'Here', text, keys: text.length > 20 ? ['toll'] : [], secondaryKeys: [] },
      }));
      await campaign.lore.put({ title: step.title, audience, passages, sizeInCharacters: 9, by: 'Gale' });
      return;
    }
    case 'sheet': {
      const npc = await campaign.npcs.byId(step.npc);
      if (npc === undefined) return;
      const changed = { ...step.persona, name: npc.persona.name };
      await campaign.npcs.addVersion(step.npc, {
        ...{ base: npc.version, persona: changed, reason: 'edited', by: 'Gale', follow: false },
      });
      return;
    }
    case 'locks':
      await campaign.npcs.setLocks(step.npc, step.locks);
      return;
    case 'character':
      return campaign.characters.set(step.person, step.name);
    case 'leave': {
      const scene = await campaign.scenes.open(step.channel);
      await campaign.scenes.leave(scene.id, step.npc);
      return;
    }
    case 'cast': {
      const { name, role } = persona('Hroon');
      const members = [{ name, role, hook: 'Limps.', ties: [{ to: 'Wren', tie: 'sister' }] }];
      await campaign.casts.add({ id, request: castRequest, members });
      if (step.isStopped) await campaign.casts.markStopped(id);
      return;
    }
    case 'rest':
      await campaign.consolidation.rested(step.lines);
      await campaign.consolidation.saveRun({
        ...{ endedAtInMs: clock.now(), tookInMs: 3, weighed: 1, promoted: 0, summaries: 0 },
        ...{ folded: 0, letGo: 0, dropped: 0, fault: undefined },
      });
      return;
    case 'world time':
      await campaign.time.change(() => step.minute);
      return;
  }
}
