import { parseArgs } from 'node:util';
import { Refusal } from '#src/core/errors.ts';
import { plainLine } from '#src/core/text.ts';

/** As for `/campaign create`. */
const LONGEST_NAME = 80;

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
    }
  | { readonly what: 'reindex' };

export const USAGE = `npm run memories -- export [--campaign NAME] [--workspace NAME] FILE
    Writes a campaign with all that was said and is remembered in it to a new file; - is standard output (with npm -s).
npm run memories -- import FILE [--as NAME] [--workspace NAME]
    Reads such a file as a new campaign. Broken off, the same again goes on; with --undo it is taken back.
npm run memories -- reindex
    Builds the search of long memory and of lore anew, in Chroma too, with the vectors of EMBEDDING_MODEL. Broken off,
    the same again goes on.
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
      const { values, file } = parsed(rest, { campaign: NAME, workspace: NAME });
      return { what, file, campaign: name(values.campaign), workspace: name(values.workspace) };
    }
    case 'import': {
      const { values, file } = parsed(rest, { as: NAME, workspace: NAME, undo: FLAG });
      if (file === '-')
        throw new Refusal('A campaign is read from a file, since it is read twice: name one instead of -.');
      const as = name(values.as);
      if (as !== undefined && as.length > LONGEST_NAME)
        throw new Refusal(
          `The name after --as is longer than ${LONGEST_NAME} characters. Choose a shorter one.`,
        );
      return { what, file, as, workspace: name(values.workspace), undo: values.undo === true };
    }
    case 'reindex':
      if (rest.length > 0) throw new Refusal(`reindex takes nothing behind it. ${HINT}`);
      return { what };
    default:
      throw new Refusal(`There is no “${plainLine(what)}”: it is export, import or reindex. ${HINT}`);
  }
}

const NAME = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

function parsed(words: readonly string[], options: Readonly<Record<string, typeof NAME | typeof FLAG>>) {
  let given: { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] };
  try {
    given = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    const known = Object.keys(options).map((option) => `--${option}`);
    throw new Refusal(`That cannot be read: it takes a file and ${known.join(', ')}. ${HINT}`, {
      cause: error,
    });
  }
  const [file, ...others] = given.positionals;
  if (file === undefined || file === '') throw new Refusal(`It lacks the file's name. ${HINT}`);
  if (others.length > 0)
    throw new Refusal(`It takes one file: put names with blanks in quotation marks. ${HINT}`);
  return { values: given.values, file };
}

function name(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = plainLine(value);
  if (plain === '') throw new Refusal(`A name is empty. ${HINT}`);
  return plain;
}
