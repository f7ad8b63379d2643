import type { NpcStatus } from '#src/core/entities.ts';
import type { Persona, Secret, StatAction, StatBlock } from '#src/core/persona.ts';
import { ABILITIES } from '#src/core/persona.ts';
import type { CardSection, CardView } from '#src/core/view.ts';
import {
  abilityModifier,
  attackBonus,
  attackDamage,
  challengeRatingText,
  hitPoints,
  passivePerception,
  proficiencyBonus,
  savingThrow,
  signed,
  skillModifier,
} from './stat-block.ts';

/** More lines than these show nothing new of a voice. */
const SAMPLE_LINES_FOR_GM = 3;

/**
 * A persona as a card. `everyone` gets what anybody notices who meets them: name, role, looks, manner of speech. The
 * GM gets the whole sheet, with what players must not see marked as hidden.
 */
export function cardView(
  npc: { readonly persona: Persona; readonly status?: NpcStatus },
  audience: 'gm' | 'everyone',
): CardView {
  const { persona, status } = npc;
  const shown = [
    section('Looks', [persona.description]),
    section('Voice', [persona.voice, ...persona.mes_example.slice(0, 1).map(quoted)]),
  ];
  return {
    name: persona.name,
    subtitle: [persona.role, persona.pronouns].filter((part) => part !== '').join(' · '),
    badge: status === 'draft' || status === 'kept' ? status : '',
    sections: [...shown, ...(audience === 'gm' ? hiddenSections(persona) : [])].filter(
      ({ items }) => items.length > 0,
    ),
  };
}

function hiddenSections(persona: Persona): CardSection[] {
  return [
    hidden('Also called', [persona.aliases.join(', ')]),
    hidden('Personality', [persona.personality]),
    hidden('More lines', persona.mes_example.slice(1, SAMPLE_LINES_FOR_GM).map(quoted)),
    hidden('Greeting', [persona.first_mes === '' ? '' : quoted(persona.first_mes)]),
    hidden('Goals', persona.goals),
    hidden('Fears', persona.fears),
    hidden(
      'Bonds',
      persona.bonds.map(({ to, tie }) => `${to}: ${tie}`),
    ),
    hidden('Knowledge', persona.knowledge),
    hidden('Secrets', persona.secrets.map(secretText)),
    ...(persona.stat_block === undefined ? [] : statSections(persona.stat_block)),
    hidden('Notes', [persona.creator_notes]),
  ];
}

function statSections(stat: StatBlock): CardSection[] {
  const { count, sides } = stat.hit_dice;
  const fromConstitution = count * abilityModifier(stat.abilities.con);
  const hitDice = `${count}d${sides}${fromConstitution === 0 ? '' : signed(fromConstitution)}`;
  const kind = `${stat.size.charAt(0).toUpperCase()}${stat.size.slice(1)} ${stat.creature_type}, ${stat.alignment}`;
  return [
    hidden('Stat block', [
      `${kind} · CR ${challengeRatingText(stat.challenge_rating)} (proficiency ${signed(proficiencyBonus(stat.challenge_rating))})`,
      `AC ${stat.armor_class} · HP ${hitPoints(stat)} (${hitDice}) · Speed ${stat.speed_in_feet} ft.`,
      ABILITIES.map((ability) => {
        const score = stat.abilities[ability];
        return `${ability.toUpperCase()} ${score} (${signed(abilityModifier(score))})`;
      }).join(' · '),
      labelled(
        'Saves',
        stat.saving_throws.map((ability) => `${ability.toUpperCase()} ${signed(savingThrow(stat, ability))}`),
      ),
      labelled(
        'Skills',
        stat.skills.map((skill) => `${skill} ${signed(skillModifier(stat, skill))}`),
      ),
      labelled('Languages', stat.languages),
      `Passive perception ${passivePerception(stat)}`,
    ]),
    hidden(
      'Actions',
      stat.actions.map((action) => actionText(stat, action)),
    ),
  ];
}

function actionText(stat: StatBlock, { name, text, attack }: StatAction): string {
  if (attack === undefined) return `${name}. ${text}`.trimEnd();
  const damage = attackDamage(stat, attack);
  const hit = `${signed(attackBonus(stat, attack))} to hit, ${attack.reach.replace(/\.$/u, '')}`;
  return `${name}. ${hit}. Hit: ${damage.average} (${damage.dice}) ${attack.damage_type}. ${text}`.trimEnd();
}

function secretText({ text, until }: Secret): string {
  return `${text} (${until === '' ? 'never by itself' : `tells ${until}`})`;
}

function labelled(label: string, values: readonly string[]): string {
  return values.length === 0 ? '' : `${label}: ${values.join(', ')}`;
}

function quoted(line: string): string {
  return `“${line}”`;
}

function section(label: string, items: readonly string[], isHidden = false): CardSection {
  return { label, items: items.filter((item) => item !== ''), isHidden };
}

function hidden(label: string, items: readonly string[]): CardSection {
  return section(label, items, true);
}
