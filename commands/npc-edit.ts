import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { EditableField, Persona } from '#src/core/persona.ts';
import { clip } from '#src/core/text.ts';
import { type Action, type Block, type Notice, notice } from '#src/core/view.ts';
import { editField } from '#src/persona/edit.ts';
import { fieldText, valueInWords } from '#src/persona/field-text.ts';
import {
  areOf,
  FIELDS_BY_WEIGHT,
  fieldOfWord,
  howToWrite,
  UNDERSTOOD_FIELD_WORDS,
  wordOfField,
} from '#src/persona/field-words.ts';
import { reviseSheet } from '#src/persona/revise-sheet.ts';
import { pageOption, refreshPageOf } from './cast-page.ts';
import {
  defineCommand,
  MAX_PROMPT_IN_CHARACTERS,
  npcOption,
  type Prefill,
  type PrefillContext,
} from './command.ts';
import { good, shown, undoAction } from './notices.ts';

/** Of each field, where all of them are shown. */
const SHOWN_IN_CHARACTERS = 80;
const OLD_CARD = 'A card that stands already shows it as it was; /npc cast shows the cards of a cast anew.';

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
    page: pageOption,
  },
  prefill,
  async run(context, { npc: typed, field: word, value, page = false }) {
    const { roster, store, stage, by, cardsPressed } = context;
    const field = word === undefined ? undefined : fieldOfWord(word);
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    if (page) cardsPressed.note(npc.id, stage);
    if (field === undefined && value !== undefined) {
      throw new Refusal(`Say which field is to hold that, like /npc edit npc:${name} field:goals value:…`);
    }
    if (field === undefined || value === undefined) {
      await stage.tell(fieldsOf(npc.persona, field), 'asker');
      return;
    }
    const are = `${wordOfField(field)} ${areOf([field])}`;
    if (value === formText(npc.persona, field)) {
      await stage.tell(notice('hint', `${name}: ${are} as before.`), 'asker');
      return;
    }
    if (field === 'name' && nameKey(value) !== nameKey(name)) await roster.refuseNameOfFolder(store, value);
    const edited = await reviseSheet(store.npcs, npc, {
      reason: 'edited',
      by,
      revise: (now) => editField(now.persona, field, value),
    });
    const facts = [factOf(edited.persona, field, MAX_PROMPT_IN_CHARACTERS)];
    const text = `${edited.persona.name}: ${are} changed (version ${edited.version}).`;
    const isAnew =
      (await refreshPageOf(context, edited)) || npc.cast === undefined || stage.refresh === undefined;
    const old: readonly Block[] = isAnew ? [] : [{ kind: 'text', text: OLD_CARD }];
    await stage.tell(good(text, [{ kind: 'facts', facts }, ...old], [undoAction(edited)]), 'asker');
  },
});

/** A form holds what the field holds now; what is cut short there would be lost. */
async function prefill(
  { roster, store }: PrefillContext,
  given: Readonly<Record<string, string>>,
): Promise<Prefill> {
  const field = fieldOfWord(given.field ?? '');
  if (field === undefined || given.npc === undefined) return {};
  const { persona } = await roster.find(store, given.npc);
  const { name } = persona;
  const word = wordOfField(field);
  const value = formText(persona, field);
  if ([...value].length > MAX_PROMPT_IN_CHARACTERS) {
    throw new Refusal(
      `${name}: ${word} ${areOf([field]) === 'are' ? 'hold' : 'holds'} more than fits in a form. Change it item by item: /npc edit npc:${name} field:${word} value:+one more, or value:-2.`,
    );
  }
  const label = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return { title: `${name}: ${word}`, fields: { value: { value, label, description: howToWrite(field) } } };
}

/** What can be changed and what it holds: every field in short, the empty ones last, or one as it is. */
function fieldsOf(persona: Persona, only: EditableField | undefined): Notice {
  const isEmpty = (field: EditableField) => fieldText(persona, field) === '';
  const all = FIELDS_BY_WEIGHT.toSorted((a, b) => Number(isEmpty(a)) - Number(isEmpty(b)));
  const fields = only === undefined ? all : [only];
  const limit = only === undefined ? SHOWN_IN_CHARACTERS : MAX_PROMPT_IN_CHARACTERS;
  const facts = fields.map((field) => factOf(persona, field, limit));
  return shown(
    [
      { kind: 'heading', text: persona.name },
      { kind: 'facts', facts },
    ],
    fields.map((field) => changeAction(persona, field)),
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

function factOf(persona: Persona, field: EditableField, maxCharacters: number) {
  const value = clip(valueInWords(persona, field).replace(/\s+/gu, ' '), maxCharacters) || '(empty)';
  return { label: wordOfField(field), value };
}
