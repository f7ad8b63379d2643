/** One memory, or one question, of one NPC. */
export interface PeerText {
  readonly npcId: string;
  readonly text: string;
  /** 384 dimensions, so that nobody's time to embed is measured. */
  readonly vector: readonly number[];
}

/** A library that remembers and finds again, as the benchmark uses every one. */
export interface Peer {
  /** Stores memories; they can be found when it is done. */
  remember(texts: readonly PeerText[]): Promise<void>;
  /** How many of one NPC's memories were found, at most `limit`. */
  ask(question: PeerText, limit: number): Promise<number>;
}

export const PEER_NAMES = ['langchain', 'mem0', 'mem0Chroma'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** What a worker is given to do. */
export interface PeerTask {
  readonly peer: PeerName;
  readonly memories: readonly PeerText[];
  readonly questions: readonly PeerText[];
  /** An empty server; undefined where there is none, which `mem0` alone can do without. */
  readonly chromaUrl: string | undefined;
  /** For files; empty. */
  readonly folder: string;
}

/** What a worker found. */
export interface PeerTimes {
  /** Milliseconds of each question, one after another. */
  readonly timesInMs: readonly number[];
  /** Questions answered in a second while 32 are in flight. */
  readonly perSecond: number;
}
