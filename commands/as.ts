import { Refusal } from '#src/core/errors.ts';
import { labelName, MAX_NAME_IN_CHARACTERS } from '#src/core/names.ts';
import { defineCommand } from './command.ts';
import { good } from './notices.ts';
import { refuseTakenName } from './taken-name.ts';

/** What mentions somebody, or is read as formatting. */
const ACTING = /[@#<>*_~`|\\]/u;

export const as = defineCommand({
  name: 'as',
  summary: 'Speak as a character; alone, as yourself again',
  permission: 'player',
  answers: 'asker',
  example: '/as name:Mira',
  options: {
    name: {
      kind: 'text',
      description: "Your character's name",
      maxLength: MAX_NAME_IN_CHARACTERS,
      required: false,
    },
  },
  async run(context, { name: typed }) {
    const { store, stage, person } = context;
    if (typed === undefined) {
      await store.characters.set(person.id, undefined);
      await stage.tell(good('You speak as yourself again.'), 'asker');
      return;
    }
    const name = labelName(typed);
    if (!/\p{L}/u.test(name))
      throw new Refusal('That is no name. Type one with letters, such as /as name:Mira.');
    if (ACTING.test(typed)) {
      throw new Refusal('A name is plain: without @ # < > * _ ~ ` | and \\. For example /as name:Mira.');
    }
    await refuseTakenName(context, person, name);
    await store.characters.set(person.id, name);
    await stage.tell(good(`You speak as ${name} in this campaign. /as without a name ends that.`), 'asker');
  },
});
