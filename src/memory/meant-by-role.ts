import type { Persona } from '#src/core/persona.ts';
import { synonymsOf } from './related.ts';
import { contentOf, plainWords } from './words.ts';

/** A role is what stands before this: "smith of the lower town" is a smith, and no town. */
const BEYOND_THE_ROLE = /[,;:(]|\s(?:of|in|at|from|who|with|for|to|and|by)\s/u;
/** "Before the smith came" names a time, and that is looked for as it was told. */
const ROLE_IN_QUESTION =
  /(?<!\b(?:before|since|until|during|while|when|(?<!(?:ask|look)\p{L}* )after) )\bthe (\p{L}+)(?=\P{L}|$)/giu;

type Called = Pick<Persona, 'name' | 'aliases' | 'role'>;

/**
 * A question with the names of those whom it means by what they are, or by an alias: "What did we promise the smith?" →
 * "What did we promise Hroon the smith?". What may mean several means nobody.
 */
export function withNames(question: string, personas: readonly Called[]): string {
  const words = new Set(plainWords(question));
  const isNamed = ({ name }: Called) => plainWords(name).some((word) => words.has(word));
  const unnamed = personas.filter((persona) => !isNamed(persona));
  const byRole = question.replace(ROLE_IN_QUESTION, (the: string, role: string) => {
    const meant = whoIs(role, personas);
    return meant === undefined || !unnamed.includes(meant) ? the : `${meant.name} ${the}`;
  });
  return unnamed.reduce((asked, persona) => withNameForAlias(asked, persona), byRole);
}

function whoIs(role: string, personas: readonly Called[]): Called | undefined {
  const [asked] = contentOf(plainWords(role));
  if (asked === undefined) return undefined;
  const roles = personas.map((persona) => ({ persona, stems: stemsOfRole(persona) }));
  for (const wanted of [[asked.stem], synonymsOf(asked.stem)]) {
    const meant = roles.filter(({ stems }) => wanted.some((stem) => stems.has(stem)));
    if (meant.length > 0) return meant.length === 1 ? meant[0]?.persona : undefined;
  }
  return undefined;
}

function stemsOfRole({ role }: Called): ReadonlySet<string> {
  const [itself = ''] = role.split(BEYOND_THE_ROLE);
  return new Set(contentOf(plainWords(itself)).map(({ stem }) => stem));
}

function withNameForAlias(question: string, { name, aliases }: Called): string {
  const asked = ` ${plainWords(question).join(' ')} `;
  const alias = aliases.find((each) => {
    const words = plainWords(each);
    return contentOf(words).length > 0 && asked.includes(` ${words.join(' ')} `);
  });
  if (alias === undefined || asked.includes(` ${plainWords(name).join(' ')} `)) return question;
  const at = question.toLowerCase().indexOf(alias.toLowerCase());
  return at < 0 ? `${question} ${name}` : `${question.slice(0, at)}${name} ${question.slice(at)}`;
}
