import { distance } from 'fastest-levenshtein';
import { isSet } from './names-set.ts';
import { aboutPlatforms } from './platform-warnings.ts';
import {
  DEFAULT_BASE_URL,
  SETTING_NAMES,
  type SettingName,
  USUAL_SHARES_WRITTEN,
  type WrittenSettings,
} from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names that later versions know. */
const LATER = /^HTTP_TOKEN$/;

/** Settings without the effect that somebody may expect of them, each with what happens instead. */
export function warningsAbout(written: WrittenSettings, environment: Environment): readonly string[] {
  return [
    ...ineffective(written),
    ...aboutPlatforms(written),
    ...comingLater(environment),
    ...misspelled(written, environment),
  ];
}

function ineffective(written: WrittenSettings): readonly string[] {
  const warnings: string[] = [];
  const { OPENAI_API_KEY, OPENAI_BASE_URL, CHAT_MODEL, SMALL_MODEL, EMBEDDING_MODEL, RAG_MODE } = written;
  const server = [
    ...(OPENAI_API_KEY === undefined ? [] : ['OPENAI_API_KEY']),
    ...([undefined, DEFAULT_BASE_URL].includes(OPENAI_BASE_URL) ? [] : ['OPENAI_BASE_URL']),
  ];
  if (CHAT_MODEL === undefined && server.length > 0)
    warnings.push(
      `${isSet(server)}, but CHAT_MODEL is not: the embedded improv plays every NPC. To play with a model, set CHAT_MODEL to its name on your server.`,
    );
  if (CHAT_MODEL === undefined && SMALL_MODEL !== undefined)
    warnings.push(
      'SMALL_MODEL is set, but CHAT_MODEL is not: it is only asked where CHAT_MODEL fails, so the embedded improv plays every NPC. Set CHAT_MODEL too.',
    );
  if (CHAT_MODEL === undefined && RAG_MODE?.toLowerCase() === 'full')
    warnings.push(
      'RAG_MODE is full, but CHAT_MODEL is not set: without a model nobody rewrites questions, so it is as if hybrid were set. Set CHAT_MODEL too.',
    );
  if (CHAT_MODEL === undefined && ![undefined, USUAL_SHARES_WRITTEN].includes(written.PROMPT_SHARES))
    warnings.push(
      'PROMPT_SHARES is set, but CHAT_MODEL is not: the embedded improv is given no prompt. Set CHAT_MODEL too.',
    );
  if (CHAT_MODEL !== undefined && SMALL_MODEL === CHAT_MODEL)
    warnings.push(
      'SMALL_MODEL is the same as CHAT_MODEL: when one fails there is no other to ask. Name another model, or leave it out.',
    );
  if ((CHAT_MODEL ?? EMBEDDING_MODEL) !== undefined && server.length === 0)
    warnings.push(
      `${CHAT_MODEL === undefined ? 'EMBEDDING_MODEL' : 'CHAT_MODEL'} is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL: ${DEFAULT_BASE_URL} is asked, and it turns away every call without a key. Set the key, or the address of your own server.`,
    );
  const cache = (['REDIS_URL', 'CACHE_BACKEND'] as const).filter((name) => written[name] !== undefined);
  if (cache.length > 0 && EMBEDDING_MODEL === undefined)
    warnings.push(
      `${isSet(cache)} without effect: so far only vectors are kept there, and hashed ones need not be. Set EMBEDDING_MODEL to have a model make them.`,
    );
  else if (written.REDIS_URL !== undefined && written.CACHE_BACKEND?.toLowerCase() === 'memory')
    warnings.push(
      'REDIS_URL is set without effect: CACHE_BACKEND=memory keeps vectors in this process. Leave one of the two out.',
    );
  return warnings;
}

function comingLater(environment: Environment): readonly string[] {
  const found = Object.keys(environment)
    .filter((name) => isWritten(environment[name]) && LATER.test(name))
    .sort();
  return found.length === 0 ? [] : [`${isSet(found)} without effect: it belongs to a later version.`];
}

/** Names that differ from one of ours by a slip, where ours is not set. */
function misspelled(written: WrittenSettings, environment: Environment): readonly string[] {
  const missing = SETTING_NAMES.filter((name) => written[name] === undefined);
  return Object.keys(environment)
    .filter((name) => isWritten(environment[name]) && !isSettingName(name))
    .flatMap((name) => {
      const meant = missing.find((candidate) => isSlipOf(name, candidate));
      return meant === undefined ? [] : [`${name} is not known here: did you mean ${meant}?`];
    });
}

/** Underscores and case aside, two letters may differ in a long name, and one in a short one. */
function isSlipOf(typed: string, name: string): boolean {
  const [a, b] = [squeezed(typed), squeezed(name)];
  return distance(a, b) <= (b.length >= 10 ? 2 : 1);
}

function squeezed(name: string): string {
  return name.toUpperCase().replace(/[^A-Z\d]/g, '');
}

function isSettingName(name: string): name is SettingName {
  return SETTING_NAMES.some((known) => known === name);
}

function isWritten(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}
