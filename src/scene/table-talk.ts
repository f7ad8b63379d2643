import { nameKey } from '#src/core/names.ts';

/** What people type to each other while they play. */
const TABLE_WORDS = new Set(
  'lol lmao rofl haha hehe xd afk brb bbl back ok okay k kk gg gz ty thx np omg wtf +1'.split(' '),
);
/** So many of them make up a line. */
const MOST_TABLE_WORDS = 3;
/** An emoji, also by its name in colons, as custom ones come. */
const EMOJI_ALONE =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200D\uFE0F\u20E3]|:[\w+-]{2,32}:|\s)+$/u;

/** "@Jon, your turn", "Your turn, @Jon!" */
const MENTION_AT_AN_END = /^(?:\p{L}+[\s,]+)?@\S|,\s*@\S[^,]*$/u;
/** Those who play no part in the story are always there. */
const TABLE_ROLES = ['GM', 'DM'];
/** Before the name of somebody who is called. */
const CALL = /^(?:hey|hi|hello|yo|oi|psst|ok|okay|thanks|sorry)[\s,]+/iu;
const SET_OFF = /^\s*[,:]/u;
const SET_OFF_AFTER_CALL = /^\s*(?:[,:!?]|$)/u;
/** "hey Jon, …": somebody is called whose name need not be known. */
const CALLED_BY_NAME = /^(?:hey|hi|hello|yo|oi|psst)\s+(\p{Lu}[\p{L}'’-]+)\s*(?:[,:!?]|$)/iu;
/** What an NPC may be called by somebody who does not know its name. */
const CALLED_BY_ANYBODY = new Set(
  'there you all everyone everybody friend friends stranger sir madam ma’am lady lord boy girl lad lass mate man woman old young good my barkeep bartender innkeeper keeper captain guard smith master mistress'.split(
    ' ',
  ),
);

/**
 * Whether a line that names no NPC is plainly not meant for one: it calls somebody else at the table ("hey Jon, …",
 * "@Jon"), or is a word or an emoji among friends. All else may be.
 * @param people those who spoke here lately.
 * @param roles what the NPCs present do: "smuggler of the salt docks".
 */
export function isTableTalk(
  text: string,
  { people, roles }: { readonly people: readonly string[]; readonly roles: readonly string[] },
): boolean {
  const line = text.trim();
  if (EMOJI_ALONE.test(line) || MENTION_AT_AN_END.test(line) || isTableWords(line)) return true;
  if ([...people, ...TABLE_ROLES].some((name) => isCalled(name, line))) return true;
  const [, name = ''] = CALLED_BY_NAME.exec(line) ?? [];
  if (!/^\p{Lu}/u.test(name)) return false;
  const generic = new Set([...CALLED_BY_ANYBODY, ...roles.flatMap((role) => nameKey(role).split(' '))]);
  return !generic.has(nameKey(name));
}

function isTableWords(line: string): boolean {
  const words = line.toLowerCase().split(/[\s.,!?…]+/u);
  const said = words.filter((word) => word !== '');
  return said.length > 0 && said.length <= MOST_TABLE_WORDS && said.every(isTableWord);
}

/** "loool" and "hahaha" too. */
function isTableWord(word: string): boolean {
  return TABLE_WORDS.has(word) || /^(?:lo+l|(?:ha){2,}h?|(?:he){2,})$/u.test(word);
}

/** Whether a line begins with somebody's name, or the first word of it, set off from what follows. */
function isCalled(name: string, line: string): boolean {
  const called = line.replace(CALL, '');
  const setOff = called === line ? SET_OFF : SET_OFF_AFTER_CALL;
  const text = nameKey(called);
  const key = nameKey(name);
  const names = [key, ...key.split(' ').slice(0, 1)].filter((each) => each.length > 1);
  return names.some((each) => text.startsWith(each) && setOff.test(text.slice(each.length)));
}
