/**
 * What the inside shows to people, in the product's words. Adapters turn it into a terminal's lines, Discord's
 * components or Slack's blocks. Every text here is plain and untrusted: an adapter escapes it for its platform and
 * sends it with mentions off.
 */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly TableColumn[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'card'; readonly card: CardView };

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface CardView {
  readonly name: string;
  /** "smuggler of the salt docks · she/her". */
  readonly subtitle: string;
  /** "draft", "kept", or empty. */
  readonly badge: string;
  readonly sections: readonly CardSection[];
}

export interface CardSection {
  readonly label: string;
  /** One item is shown as a paragraph, more as a list. */
  readonly items: readonly string[];
  /** For the GM's eyes: adapters may fold it; it is only ever present in a view made for a GM. */
  readonly isHidden: boolean;
}

/** Something to press. Whatever a button does has a command too: this is that command. */
export interface Action {
  readonly label: string;
  /** Full name of the command: "npc keep". */
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
}

export interface Notice {
  /** `refusal`: the input cannot be done as asked. `trouble`: something inside failed. */
  readonly tone: 'plain' | 'good' | 'hint' | 'refusal' | 'trouble';
  readonly blocks: readonly Block[];
  readonly actions: readonly Action[];
}

/** `everyone` in the channel, or only the one who asked. Hidden text is only ever told to an asking GM. */
export type Audience = 'everyone' | 'asker';

/** A cast being drafted: shown once, then changed in place. */
export interface BoardView {
  readonly title: string;
  /** 'planning' has no slots yet. */
  readonly phase: 'planning' | 'drafting' | 'finished' | 'cancelled' | 'failed';
  readonly slots: readonly BoardSlot[];
  readonly finishedCount: number;
  /** Estimated from the calls made so far; undefined until there is something to go by. */
  readonly timeLeftInMs: number | undefined;
  readonly actions: readonly Action[];
}

export type BoardSlot = {
  readonly name: string;
  readonly role: string;
} & (
  | { readonly state: 'waiting' | 'drafting' | 'cancelled' }
  | { readonly state: 'finished'; readonly card: CardView; readonly actions: readonly Action[] }
  /** `reason`: one sentence for the person. */
  | { readonly state: 'failed'; readonly reason: string; readonly actions: readonly Action[] }
);

/** A board on the screen. Updates are whole states: an adapter may skip all but the newest. */
export interface Board {
  update(view: BoardView): void;
  /** Shows the last state and resolves when it stands. */
  close(view: BoardView): Promise<void>;
}

export type SpeechEnding =
  | { readonly state: 'said' }
  | { readonly state: 'stopped' }
  /** What stands is marked as broken off; `notice` says in one sentence why and what to do. */
  | { readonly state: 'cut' | 'failed'; readonly notice: Notice };

/** One NPC's reply on its way to the screen. Text given has passed the gate. */
export interface SpeechOutput {
  /** Appends text; it may be shown later, but in order. */
  append(text: string): void;
  /** Always called, once. Resolves when the last of it stands on the screen. */
  end(ending: SpeechEnding): Promise<void>;
}

/** One channel, as the inside may use it. Given by an adapter with each incoming line or command. */
export interface Stage {
  tell(notice: Notice, audience: Audience): Promise<void>;
  /** To the GMs alone: the GM room, or the local table's owner. */
  tellGms(notice: Notice): Promise<void>;
  openBoard(view: BoardView): Promise<Board>;
  /** Shows at once that this NPC is about to speak. */
  speak(npc: { readonly id: string; readonly name: string }, lineId: string): Promise<SpeechOutput>;
}

/** A notice of plain paragraphs. */
export function notice(tone: Notice['tone'], ...paragraphs: readonly string[]): Notice {
  return { tone, blocks: paragraphs.map((text) => ({ kind: 'text', text })), actions: [] };
}
