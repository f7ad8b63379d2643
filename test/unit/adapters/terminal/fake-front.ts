import type { CommandDeclaration } from '#src/core/command.ts';
import type {
  CompletionCall,
  FormCall,
  Front,
  IncomingCall,
  IncomingLine,
  Person,
  Place,
  Platform,
} from '#src/core/front.ts';
import type { Speech, Stage } from '#src/core/view.ts';

const base = { permission: 'gm', answers: 'asker', summary: 'Does it.' } as const;

export const COMMANDS: readonly CommandDeclaration[] = [
  {
    ...base,
    name: 'npc generate',
    example: '/npc generate count:3 prompt:smugglers',
    options: {
      count: { kind: 'integer', description: 'how many', required: true, min: 1, max: 20 },
      prompt: { kind: 'text', description: 'who', required: true, maxLength: 200 },
    },
  },
  {
    ...base,
    name: 'npc keep',
    example: '/npc keep Tilda',
    options: { npc: { kind: 'npc', description: 'who', required: true, among: 'draft' } },
  },
  { ...base, name: 'npc list', example: '/npc list', options: {} },
  { ...base, name: 'help', example: '/help', options: {} },
  { ...base, name: 'stop', example: '/stop', options: {} },
];

export const PLACE: Place = {
  platform: 'terminal',
  workspace: { platformId: 'local', name: 'Local table' },
  channelId: 'table',
};
export const PERSON = {
  id: 'owner',
  name: 'Owner',
  permission: 'admin',
  roles: [],
  isManager: true,
} as const satisfies Person;

/** An NPC about to speak. */
export function speechOf(name: string, lineId = 'r'): Speech {
  return { npc: { id: name, name, avatar: '' }, lineId, actions: [], posted: () => {} };
}

/** Records what it is asked, and does what the test says. */
export class FakeFront implements Front {
  readonly commands = COMMANDS;
  readonly allowed = () => Promise.resolve(COMMANDS);
  readonly lines: IncomingLine[] = [];
  readonly calls: IncomingCall[] = [];
  readonly completionCalls: CompletionCall[] = [];
  onGreet: (stage: Stage) => Promise<void> = async () => {};
  onHear: (line: IncomingLine, stage: Stage) => Promise<void> = async () => {};
  onRun: (call: IncomingCall, stage: Stage) => Promise<void> = async () => {};
  onComplete: (call: CompletionCall) => Promise<readonly string[]> = async () => [];

  onWhyNotAs: (name: string) => Promise<string | undefined> = async () => undefined;

  readonly platforms: Platform[] = [];

  async join(platform: Platform): Promise<void> {
    this.platforms.push(platform);
  }
  async revise(): Promise<void> {
    throw new Error('nothing said at a terminal can be changed');
  }
  async retract(): Promise<void> {
    throw new Error('nothing said at a terminal can be deleted');
  }
  async form(_: FormCall): Promise<never> {
    throw new Error('a terminal shows no forms');
  }
  async shelve(): Promise<never> {
    throw new Error('a terminal has no buttons');
  }
  async unshelve(): Promise<never> {
    throw new Error('a terminal has no buttons');
  }
  greet(_: Place, stage: Stage): Promise<void> {
    return this.onGreet(stage);
  }
  hear(line: IncomingLine, stage: Stage): Promise<void> {
    this.lines.push(line);
    return this.onHear(line, stage);
  }
  run(call: IncomingCall, stage: Stage): Promise<void> {
    this.calls.push(call);
    return this.onRun(call, stage);
  }
  whyNotAs(_: Place, __: Person, name: string): Promise<string | undefined> {
    return this.onWhyNotAs(name);
  }
  complete(call: CompletionCall): Promise<readonly string[]> {
    this.completionCalls.push(call);
    return this.onComplete(call);
  }
}
