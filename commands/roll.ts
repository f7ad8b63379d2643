import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { modifierFor, signed } from '#src/persona/stat-block.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const roll = defineCommand({
  name: 'roll',
  summary: "Roll dice, or an NPC's check from its sheet",
  permission: 'player',
  answers: 'everyone',
  example: '/roll dice:2d6+3',
  options: {
    dice: {
      kind: 'text',
      description: '2d6+3, 4d6kh3, adv …; 1d20 if left out',
      maxLength: 100,
      required: false,
    },
    npc: { kind: 'npc', description: 'Whose modifier counts', among: 'known', required: false },
    check: {
      kind: 'text',
      description: 'Ability or skill of the NPC: dex, stealth …',
      maxLength: 40,
      required: false,
    },
    secret: { kind: 'flag', isPrivate: true, description: 'Only the GM sees it', required: false },
  },
  async run(context, { dice: notation = '1d20', npc: typed, check, secret = false }) {
    const { dice, person, speaker, stage, roster, store, tellGms } = context;
    const isGm = person.permission !== 'player';
    if (typed !== undefined && !isGm) throw new Refusal("Only the GM rolls from an NPC's sheet.");
    if (typed === undefined && check !== undefined) {
      throw new Refusal('A check needs an NPC: /roll npc:NAME check:stealth.');
    }
    const npc = typed === undefined ? undefined : await roster.find(store, typed);
    const modifier = npc === undefined ? undefined : checkModifier(npc, check);
    const full = modifier === undefined ? notation : `${notation}${signed(modifier)}`;
    const result = await dice.roll(full);
    const who = npc?.persona.name ?? speaker.name;
    const what = check === undefined ? result.dice : `${check} (${result.dice})`;
    const outcome = shown([
      { kind: 'text', text: `${who} rolls${secret ? ' in secret' : ''} ${what}: ${result.detail}` },
    ]);
    if (!secret) return stage.tell(outcome, 'everyone');
    if (isGm) return stage.tell(outcome, 'asker');
    await tellGms(outcome);
    return stage.tell(shown([{ kind: 'text', text: 'Rolled. Only the GM sees it.' }]), 'asker');
  },
});

function checkModifier(npc: Npc, check: string | undefined): number {
  const { name, stat_block: stat } = npc.persona;
  if (check === undefined)
    throw new Refusal(`Which check of ${name}? For example /roll npc:${name} check:stealth.`);
  if (stat === undefined) {
    throw new Refusal(`${name} has no stat block. Roll the dice alone, such as /roll dice:1d20+2.`);
  }
  return modifierFor(stat, check);
}
