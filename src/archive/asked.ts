import { parseArgs } from 'node:util';
import { Refusal } from '#src/core/errors.ts';
import { plainLine } from '#src/core/text.ts';

/** As for `/campaign create`. */
const LONGEST_NAME = 80;
const LONGEST_ID = 200;

/** What `npm run memories` was asked for. */
export type Asked =
  | { readonly what: 'help' }
  | {
      readonly what: 'export';
      /** A path, or `-` for standard output. */
      readonly file: string;
      readonly campaign: string | undefined;
      readonly workspace: string | undefined;
    }
  | {
      readonly what: 'import';
      readonly file: string;
      readonly as: string | undefined;
      readonly workspace: string | undefined;
      /** Take back what an import that was broken off has written. */
      readonly undo: boolean;
      /** Game masters, the GM room, people's characters and bound channels come along. */
      readonly withPeople: boolean;
    }
  | { readonly what: 'reindex' }
  | {
      readonly what: 'forget-person';
      /** The platform's id. */
      readonly person: string;
      /** Without it is only told what there is. */
      readonly isSure: boolean;
    };

export const USAGE = `npm run memories -- export [--campaign NAME] [--workspace NAME] FILE
    Writes a campaign with all that was said and is remembered in it to a new file; - is standard output (with npm -s).
npm run memories -- import FILE [--as NAME] [--workspace NAME] [--with-people]
    Reads such a file as a new campaign. Broken off, the same again goes on; with --undo it is taken back. With
    --with-people its game masters, GM room, bound channels and players' characters come along to the same workspace:
    for a file of your own only, since whoever leads may read everything.
npm run memories -- reindex
    Builds the search of long memory and of lore anew, in Chroma too, with the vectors of EMBEDDING_MODEL. Broken off,
    the same again goes on.
npm run memories -- forget-person ID [--yes]
    Tells how much is kept of what a person said, by their id on the platform. With --yes all of it is taken back, with
    what NPCs made of it. Stop the bot first.
`;

const HINT = 'Run `npm run memories` alone to see how it is used.';

/** @throws Refusal where it makes no sense: why. */
export function readAsked(words: readonly string[]): Asked {
  const [what, ...rest] = words;
  switch (what) {
    case undefined:
    case 'help':
    case '--help':
      return { what: 'help' };
    case 'export': {
      const { values, positional: file } = parsed(rest, { campaign: NAME, workspace: NAME }, 'one file');
      return { what, file, campaign: name(values.campaign), workspace: name(values.workspace) };
    }
    case 'import': {
      const { values, positional: file } = parsed(
        rest,
        { as: NAME, workspace: NAME, undo: FLAG, 'with-people': FLAG },
        'one file',
      );
      if (file === '-')
        throw new Refusal('A campaign is read from a file, since it is read twice: name one instead of -.');
      const as = name(values.as);
      if (as !== undefined && as.length > LONGEST_NAME)
        throw new Refusal(
          `The name after --as is longer than ${LONGEST_NAME} characters. Choose a shorter one.`,
        );
      return {
        what,
        file,
        as,
        workspace: name(values.workspace),
        undo: values.undo === true,
        withPeople: values['with-people'] === true,
      };
    }
    case 'reindex':
      if (rest.length > 0) throw new Refusal(`reindex takes nothing behind it. ${HINT}`);
      return { what };
    case 'forget-person': {
      const { values, positional: person } = parsed(rest, { yes: FLAG }, 'the id of one person');
      if (person.length > LONGEST_ID)
        throw new Refusal(`No id has more than ${LONGEST_ID} characters. ${HINT}`);
      return { what, person, isSure: values.yes === true };
    }
    default:
      throw new Refusal(
        `There is no “${plainLine(what)}”: it is export, import, reindex or forget-person. ${HINT}`,
      );
  }
}

const NAME = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

/** @param what the one word that stands beside the options. */
function parsed(
  words: readonly string[],
  options: Readonly<Record<string, typeof NAME | typeof FLAG>>,
  what: 'one file' | 'the id of one person',
) {
  let given: { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] };
  try {
    given = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    const known = Object.keys(options).map((option) => `--${option}`);
    throw new Refusal(`That cannot be read: it takes ${what} and ${known.join(', ')}. ${HINT}`, {
      cause: error,
    });
  }
  const [positional, ...others] = given.positionals;
  if (positional === undefined || positional.trim() === '')
    throw new Refusal(`It lacks ${what === 'one file' ? "the file's name" : 'the id'}. ${HINT}`);
  if (others.length > 0)
    throw new Refusal(`It takes ${what}: put names with blanks in quotation marks. ${HINT}`);
  return { values: given.values, positional };
}

function name(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = plainLine(value);
  if (plain === '') throw new Refusal(`A name is empty. ${HINT}`);
  return plain;
}
