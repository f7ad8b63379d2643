import type {
  Action,
  Audience,
  Block,
  Board,
  BoardView,
  Notice,
  Speech,
  SpeechEnding,
  SpeechOutput,
  Stage,
} from '#src/core/view.ts';

/** One reply as it was shown. */
export interface ShownSpeech {
  readonly npc: string;
  readonly lineId: string;
  readonly actions: readonly Action[];
  text: string;
  ending: SpeechEnding | undefined;
}

/** A stage that remembers what was shown on it. */
export class RecordingStage implements Stage {
  readonly notices: { readonly notice: Notice; readonly audience: Audience | 'gms' }[] = [];
  readonly speeches: ShownSpeech[] = [];
  readonly boards: BoardView[][] = [];
  /** Called with each piece of speech that is shown. */
  onAppend: (text: string, lineId: string) => void = () => {};
  onBoard: (view: BoardView) => void = () => {};
  /** The messages in which a reply is said to stand. */
  postsOf: (lineId: string) => readonly string[] = () => [];

  async tell(notice: Notice, audience: Audience): Promise<void> {
    this.notices.push({ notice, audience });
  }

  async openBoard(view: BoardView): Promise<Board> {
    const views = [view];
    this.boards.push(views);
    const show = (next: BoardView) => {
      views.push(next);
      this.onBoard(next);
    };
    return { update: show, close: async (last) => show(last) };
  }

  /** Threads opened beside this channel. */
  readonly threads: { readonly name: string; readonly channelId: string; readonly stage: RecordingStage }[] =
    [];

  async openThread(name: string) {
    const thread = { name, channelId: `thread-${this.threads.length + 1}`, stage: new RecordingStage() };
    this.threads.push(thread);
    return thread;
  }

  async speak({ npc, lineId, actions, posted }: Speech): Promise<SpeechOutput> {
    const speech: ShownSpeech = { npc: npc.name, lineId, actions, text: '', ending: undefined };
    this.speeches.push(speech);
    for (const messageId of this.postsOf(lineId)) posted(messageId);
    return {
      append: (text) => {
        speech.text += text;
        this.onAppend(text, lineId);
      },
      end: async (ending) => {
        if (speech.ending !== undefined) throw new Error('ended twice');
        speech.ending = ending;
      },
    };
  }

  /** All paragraphs that were told, in order. */
  get told(): readonly string[] {
    return this.notices.map(({ notice }) => textOf(notice));
  }
}

/** Everything that a notice says, for tests to look into. */
function textOf(notice: Notice): string {
  return notice.blocks.map(blockText).join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
    case 'heading':
      return block.text;
    case 'facts':
      return block.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    case 'list':
      return block.items.join('\n');
    case 'table':
      return [block.columns.map(({ title }) => title), ...block.rows]
        .map((row) => row.join(' | '))
        .join('\n');
    case 'card': {
      const { name, subtitle, badge, sections } = block.card;
      return [
        name,
        subtitle,
        badge,
        ...sections.map(({ label, items }) => `${label}: ${items.join('; ')}`),
      ].join('\n');
    }
  }
}
