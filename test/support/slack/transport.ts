import type { Fields } from './fields.ts';

/** Something for the app, on its way to it. */
export interface Parcel {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: Fields;
  readonly retry: { readonly number: number; readonly reason: string } | undefined;
}

/** What the app said to it. */
export interface Answer {
  readonly isOk: boolean;
  /** What came with the acknowledgement. */
  readonly body: Fields;
  /** The app wants it sent no more. */
  readonly isLast: boolean;
}

/** `unreachable`: nobody was there to take it. `late`: no answer within the time. */
export type Outcome = Answer | 'unreachable' | 'late';

export interface Transport {
  send(parcel: Parcel): Promise<Outcome>;
}

/** How long an app may take to acknowledge. */
export const ACK_WITHIN_IN_MS = 3000;
