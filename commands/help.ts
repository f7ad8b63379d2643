import { type CommandDeclaration, mayRun } from '#src/core/command.ts';
import { Refusal } from '#src/core/errors.ts';
import { nearestName } from '#src/core/names.ts';
import type { Block } from '#src/core/view.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const help = defineCommand({
  name: 'help',
  summary: 'What you can do here',
  permission: 'player',
  answers: 'asker',
  example: '/help command:npc generate',
  options: {
    command: { kind: 'text', description: 'A command to explain', maxLength: 60, required: false },
  },
  async run({ commands, person, stage }, { command: typed }) {
    const allowed = commands.filter((command) => mayRun(person, command));
    await stage.tell(shown(typed === undefined ? overview(allowed) : about(allowed, typed)), 'asker');
  },
});

function overview(commands: readonly CommandDeclaration[]): Block[] {
  return [
    tableOf(commands),
    {
      kind: 'text',
      text: 'Anything else you type is said in the scene, to whoever you name or are talking with. ((…)) and // … stay at the table: no NPC hears them. /help command:NAME explains one.',
    },
  ];
}

/** A command, or the commands that begin so. */
function about(commands: readonly CommandDeclaration[], typed: string): Block[] {
  const name = typed.replace(/^\//u, '').trim().replace(/\s+/gu, ' ').toLowerCase();
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return explanation(found);
  const group = commands.filter((command) => command.name.startsWith(`${name} `));
  const [first] = group;
  if (first === undefined) throw new Refusal(unknown(commands, name));
  return [tableOf(group), { kind: 'text', text: `/help command:${first.name} explains one.` }];
}

function tableOf(commands: readonly CommandDeclaration[]): Block {
  const columns = [
    { title: 'Command', align: 'left' },
    { title: 'What it does', align: 'left' },
  ] as const;
  return { kind: 'table', columns, rows: commands.map(({ name, summary }) => [`/${name}`, summary]) };
}

function explanation({ name, summary, options, example }: CommandDeclaration): Block[] {
  const rows = Object.entries(options).map(([option, spec]) => [
    `${option}:`,
    `${spec.description}${spec.kind === 'choice' ? ` (${spec.choices.join(', ')})` : ''}`,
    spec.required ? 'needed' : '',
  ]);
  const columns = ['Option', 'What it is', ''].map((title) => ({ title, align: 'left' as const }));
  return [
    { kind: 'heading', text: `/${name}` },
    { kind: 'text', text: `${summary}.` },
    ...(rows.length === 0 ? [] : [{ kind: 'table' as const, columns, rows }]),
    { kind: 'text', text: `For example: ${example}` },
  ];
}

function unknown(commands: readonly CommandDeclaration[], name: string): string {
  const nearest = nearestName(
    name,
    commands.map((command) => command.name),
  );
  const meant =
    nearest === undefined ? 'Type /help to see them all.' : `Did you mean /help command:${nearest}?`;
  return `There is no command “${name}”. ${meant}`;
}
