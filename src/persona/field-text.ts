import { ABILITIES, type EditableField, type Persona, type StatBlock } from '#src/core/persona.ts';
import { challengeRatingText } from './stat-block.ts';

/**
 * What a field of a sheet holds, much as a GM would type it to `editField`; empty where it holds nothing.
 * @param between what stands between the items of a list: `; `, or a line end.
 */
export function fieldText(persona: Persona, field: EditableField, between = '; '): string {
  switch (field) {
    case 'name':
    case 'pronouns':
    case 'role':
    case 'description':
    case 'personality':
    case 'voice':
    case 'first_mes':
      return persona[field];
    case 'aliases':
    case 'mes_example':
    case 'goals':
    case 'fears':
    case 'knowledge':
      return persona[field].join(between);
    case 'bonds':
      return persona.bonds.map(({ to, tie }) => `${to}: ${tie}`).join(between);
    case 'secrets':
      return persona.secrets
        .map(({ text, until }) => (until === '' ? text : `${text} | ${until}`))
        .join(between);
    case 'avatar':
      return persona.avatar ?? '';
    case 'talkativeness':
      return String(persona.talkativeness);
    case 'stat_block':
      return persona.stat_block === undefined ? '' : statBlockText(persona.stat_block);
  }
}

/** What a field holds as a person reads it: a share of talkativeness says what it means. */
export function valueInWords(persona: Persona, field: EditableField): string {
  if (field !== 'talkativeness') return fieldText(persona, field);
  const { talkativeness } = persona;
  const [, words] = TALKATIVENESS.find(([atMost]) => talkativeness <= atMost) ?? [1, 'answers everything'];
  return `${words} (${talkativeness} of 1)`;
}

/** From the quietest: up to which share, and what it comes to. */
const TALKATIVENESS = [
  [0.15, 'speaks when spoken to'],
  [0.4, 'seldom speaks up'],
  [0.65, 'joins in now and then'],
  [0.85, 'joins in often'],
] as const;

function statBlockText(stat: StatBlock): string {
  return [
    ...ABILITIES.map((ability) => `${ability}=${stat.abilities[ability]}`),
    `ac=${stat.armor_class}`,
    `hp=${stat.hit_dice.count}d${stat.hit_dice.sides}`,
    `cr=${challengeRatingText(stat.challenge_rating)}`,
    `speed=${stat.speed_in_feet}`,
    ...(stat.skills.length === 0 ? [] : [`skills=${stat.skills.join(', ')}`]),
  ].join(' ');
}
