/**
 * What the inside shows to people, in the product's words. Adapters turn it into a terminal's lines, Discord's
 * components or Slack's blocks. Every text here is plain and untrusted: an adapter escapes it for its platform and
 * sends it with mentions off.
 */
export type Block =
  /** `leadsTo`: a thread that was opened for it; adapters that can lead there. */
  | { readonly kind: 'text'; readonly text: string; readonly leadsTo?: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly TableColumn[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'card'; readonly card: CardView; readonly actions?: readonly Action[] };

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
  /** "draft", "kept", "discarded", or empty. */
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
  /** Options that the person is asked for in a form first; none where left out. */
  readonly asks?: readonly string[];
  /** What it tells everyone first replaces the message it was pressed on, where the platform can: leafing through pages. */
  readonly isInPlace?: boolean;
}

export interface Notice {
  /** `refusal`: the input cannot be done as asked. `trouble`: something inside failed. */
  readonly tone: 'plain' | 'good' | 'hint' | 'refusal' | 'trouble';
  readonly blocks: readonly Block[];
  readonly actions: readonly Action[];
}

/** `everyone` in the channel, or only the one who asked. Hidden text is only ever told to an asking GM. */
export type Audience = 'everyone' | 'asker';

/** So many cards are on one page of a cast: what Discord's 40 components hold with their buttons. */
export const CARDS_PER_PAGE = 3;

/** A cast being drafted: shown once, then changed in place. */
export interface BoardView {
  /** The cast's id, once it is planned: `npc cast` shows its cards again, page by page. */
  readonly castId: string | undefined;
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

/** How a reply that was not said to its end is marked, where it stands and in transcripts. */
export const UNFINISHED_MARKS = { stopped: ' (stopped)', cut: ' — (broken off)' } as const;

/** One NPC's reply on its way to the screen. Text given has passed the gate. */
export interface SpeechOutput {
  /** Appends text; it may be shown later, but in order. */
  append(text: string): void;
  /** Always called, once. Resolves when the last of it stands on the screen. */
  end(ending: SpeechEnding): Promise<void>;
}

/** An NPC about to speak. */
export interface Speech {
  readonly npc: SpeakingNpc;
  readonly lineId: string;
  /** Offered while it speaks: stopping it. */
  readonly actions: readonly Action[];
  /** Called with the platform's id of each message in which the reply stands, in order, as soon as it is posted. */
  posted(messageId: string): void;
}

export interface SpeakingNpc {
  readonly id: string;
  readonly name: string;
  /** An https address that its sheet gives; empty where the adapter is to draw one. */
  readonly avatar: string;
}

/** One channel, as the inside may use it. Given by an adapter with each incoming line or command. */
export interface Stage {
  /**
   * @throws AskerUnreachable where it is for the asker alone and the platform has no way left to reach only them: it was
   * told to nobody then.
   */
  tell(notice: Notice, audience: Audience): Promise<void>;
  /**
   * Shows the message anew that was pressed to come here, however much later; where messages can be changed. Resolves with
   * false where nothing was pressed, or the platform does not let us change it any more. Never rejects.
   */
  readonly refresh?: ((notice: Notice) => Promise<boolean>) | undefined;
  openBoard(view: BoardView): Promise<Board>;
  /** Shows at once that this NPC is about to speak. */
  speak(speech: Speech): Promise<SpeechOutput>;
  /**
   * Opens a thread of its own beside this channel, for a scene.
   * @throws Refusal where there are none here (the local table, inside a thread), or we may not open one.
   */
  openThread(name: string): Promise<{ readonly channelId: string; readonly stage: Stage }>;
}

/** A notice of plain paragraphs. */
export function notice(tone: Notice['tone'], ...paragraphs: readonly string[]): Notice {
  return { tone, blocks: paragraphs.map((text) => ({ kind: 'text', text })), actions: [] };
}
