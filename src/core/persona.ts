/**
 * A persona is an NPC's sheet. Field names follow Character Card V3 where it has them (`name`, `description`,
 * `personality`, `first_mes`, `mes_example`, `tags`, `creator_notes`, `extensions`), so files and cards read alike.
 */
export interface Persona {
  readonly name: string;
  /** Other names that address this NPC: a nickname, a title, a byname. */
  readonly aliases: readonly string[];
  /** As a person would write them: "she/her", "they/them". */
  readonly pronouns: string;
  /** Trade or place in the world, a few words: "ferrywoman at the salt docks". */
  readonly role: string;
  /** An https address of their picture; without one a picture is drawn. */
  readonly avatar?: string;
  /** What anybody sees: looks, dress, bearing. */
  readonly description: string;
  readonly personality: string;
  /** How they speak: rhythm, habits, favourite words. */
  readonly voice: string;
  /** Lines they might say, one utterance each, without quotation marks. */
  readonly mes_example: readonly string[];
  /** What they say when they are met for the first time. */
  readonly first_mes: string;
  readonly goals: readonly string[];
  readonly fears: readonly string[];
  readonly bonds: readonly Bond[];
  /** What they know and would tell. */
  readonly knowledge: readonly string[];
  readonly secrets: readonly Secret[];
  /** 0 (speaks when spoken to) to 1 (answers everything). */
  readonly talkativeness: number;
  readonly stat_block?: StatBlock;
  readonly tags: readonly string[];
  readonly creator_notes: string;
  /** Kept as it came; ours lies under `dramatis`. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Bond {
  /** The other's name. */
  readonly to: string;
  /** What they are to this NPC: "older sister; has not spoken to her since the fire". */
  readonly tie: string;
}

/** Something an NPC knows and holds back until its condition is met. */
export interface Secret {
  readonly text: string;
  /** When it may be told, in the GM's words: "when shown the ring". Empty: never by itself. */
  readonly until: string;
}

export const ABILITIES = ['str', 'dex', 'con', 'int', 'wis', 'cha'] as const;
export type Ability = (typeof ABILITIES)[number];

/**
 * A 5e-compatible stat block. It holds only what cannot be derived: modifiers, hit points, attack bonuses and
 * passive scores follow from it (`persona/stat-block.ts`), so they cannot contradict it.
 */
export interface StatBlock {
  readonly system: '5e';
  readonly size: string;
  readonly creature_type: string;
  readonly alignment: string;
  /** 0, 0.125, 0.25, 0.5 or 1 to 30. */
  readonly challenge_rating: number;
  /** Each 1 to 30. */
  readonly abilities: Readonly<Record<Ability, number>>;
  readonly armor_class: number;
  readonly hit_dice: { readonly count: number; readonly sides: number };
  readonly speed_in_feet: number;
  readonly saving_throws: readonly Ability[];
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  readonly actions: readonly StatAction[];
}

export interface StatAction {
  readonly name: string;
  readonly text: string;
  /** Set for attacks: the bonus and the damage bonus follow from the ability. */
  readonly attack?: {
    readonly ability: Ability;
    /** "reach 5 ft." or "range 80/320 ft." */
    readonly reach: string;
    /** Dice without a bonus: "1d8". */
    readonly damage_dice: string;
    readonly damage_type: string;
  };
}

/** The fields that a draft fills, and that a GM may lock against a reroll. */
export const PERSONA_FIELDS = [
  'name',
  'aliases',
  'pronouns',
  'role',
  'description',
  'personality',
  'voice',
  'mes_example',
  'first_mes',
  'goals',
  'fears',
  'bonds',
  'knowledge',
  'secrets',
  'talkativeness',
  'stat_block',
] as const satisfies readonly (keyof Persona)[];
export type PersonaField = (typeof PERSONA_FIELDS)[number];

/** The fields that a GM may edit by name. */
export const EDITABLE_FIELDS = [...PERSONA_FIELDS, 'avatar'] as const;
export type EditableField = (typeof EDITABLE_FIELDS)[number];
