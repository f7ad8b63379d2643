import { Refusal } from '#src/core/errors.ts';
import { EDITABLE_FIELDS, type EditableField, type Persona } from '#src/core/persona.ts';
import { clip } from '#src/core/text.ts';
import { type Action, type Block, type Notice, notice } from '#src/core/view.ts';
import { editField } from '#src/persona/edit.ts';
import { fieldText } from '#src/persona/field-text.ts';
import { fieldOfWord, UNDERSTOOD_FIELD_WORDS, wordOfField } from '#src/persona/field-words.ts';
import { reviseSheet } from '#src/persona/revise-sheet.ts';
import { defineCommand, MAX_PROMPT_IN_CHARACTERS, npcOption, type PrefillContext } from './command.ts';
import { good, shown } from './notices.ts';

/** Of each field, where all of them are shown. */
const SHOWN_IN_CHARACTERS = 80;

export const npcEdit = defineCommand({
  name: 'npc edit',
  summary: "Change one field of an NPC's sheet",
  permission: 'gm',
  answers: 'asker',
  example: '/npc edit Tilda Marsh field:goals value:buy back the ferry; see the sea once',
  options: {
    npc: npcOption('known', 'The NPC'),
    field: {
      kind: 'choice',
      description: 'What to change; without it all fields are shown',
      choices: UNDERSTOOD_FIELD_WORDS,
      required: false,
    },
    value: {
      kind: 'text',
      description: 'The new value; lists by semicolons, +item adds, -item removes; a secret: text | until',
      maxLength: MAX_PROMPT_IN_CHARACTERS,
      required: false,
    },
  },
  prefill,
  async run({ roster, store, stage, by }, { npc: typed, field: word, value }) {
    const field = word === undefined ? undefined : fieldOfWord(word);
    const npc = await roster.find(store, typed);
    if (field === undefined && value !== undefined) {
      throw new Refusal(`Say which field is to hold that. ${exampleFor(npc.persona)}`);
    }
    if (field === undefined || value === undefined) {
      await stage.tell(fieldsOf(npc.persona, field), 'asker');
      return;
    }
    if (value === formText(npc.persona, field)) {
      await stage.tell(notice('hint', `${npc.persona.name}: ${wordOfField(field)} is as it was.`), 'asker');
      return;
    }
    const edited = await reviseSheet(store.npcs, npc, {
      reason: 'edited',
      by,
      revise: (now) => editField(now.persona, field, value),
    });
    const { name } = edited.persona;
    const back = {
      label: 'Back',
      command: 'npc restore',
      options: { npc: name, version: String(edited.version - 1) },
    };
    await stage.tell(
      good(
        `${name}: ${wordOfField(field)} is changed (version ${edited.version}).`,
        [factOf(edited.persona, field)],
        [back],
      ),
      'asker',
    );
  },
});

/** A form holds what the field holds now; what is cut short there would be lost. */
async function prefill(
  { roster, store }: PrefillContext,
  given: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const field = fieldOfWord(given.field ?? '');
  if (field === undefined || given.npc === undefined) return {};
  const { persona } = await roster.find(store, given.npc);
  const value = formText(persona, field);
  if ([...value].length <= MAX_PROMPT_IN_CHARACTERS) return { value };
  const word = wordOfField(field);
  throw new Refusal(
    `${persona.name}: ${word} holds more than fits in a form. Change it item by item: /npc edit ${persona.name} field:${word} value:+one more, or value:-2.`,
  );
}

/** What can be changed and what it holds: every field in short, or one as it is. */
function fieldsOf(persona: Persona, field: EditableField | undefined): Notice {
  const fields = field === undefined ? EDITABLE_FIELDS : [field];
  const limit = field === undefined ? SHOWN_IN_CHARACTERS : MAX_PROMPT_IN_CHARACTERS;
  const facts = fields.map((each) => ({ label: wordOfField(each), value: valueText(persona, each, limit) }));
  const blocks = [
    { kind: 'heading', text: persona.name },
    { kind: 'facts', facts },
    { kind: 'text', text: exampleFor(persona, field) },
  ] as const;
  return shown(
    blocks,
    fields.map((each) => changeAction(persona, each)),
  );
}

/** Asks for the new value in a form. */
function changeAction({ name }: Persona, field: EditableField): Action {
  const word = wordOfField(field);
  return {
    label: `Change ${word}`,
    command: 'npc edit',
    options: { npc: name, field: word },
    asks: ['value'],
  };
}

/** What a form shows of a field: lists line by line, so that items may hold semicolons. */
function formText(persona: Persona, field: EditableField): string {
  return fieldText(persona, field, '\n');
}

function factOf(persona: Persona, field: EditableField): Block {
  return {
    kind: 'facts',
    facts: [{ label: wordOfField(field), value: valueText(persona, field, MAX_PROMPT_IN_CHARACTERS) }],
  };
}

function valueText(persona: Persona, field: EditableField, maxCharacters: number): string {
  return clip(fieldText(persona, field).replace(/\s+/gu, ' '), maxCharacters) || '(empty)';
}

function exampleFor({ name }: Persona, field: EditableField = 'goals'): string {
  const value = field === 'goals' ? 'buy back the ferry; see the sea once' : '…';
  return `For example: /npc edit ${name} field:${wordOfField(field)} value:${value}`;
}
