import { SlackFault } from './faults.ts';
import type { Journal } from './journal.ts';
import { newId } from './world.ts';

const TRIGGER_LIFE_IN_MS = 3000;
const RESPONSE_LIFE_IN_MS = 30 * 60_000;
const RESPONSE_USES = 5;

/** Trigger ids: three seconds, used once. */
export class Triggers {
  readonly #now: () => number;
  readonly #given = new Map<
    string,
    { readonly personId: string; readonly untilInMs: number; isUsed: boolean }
  >();

  constructor(now: () => number) {
    this.#now = now;
  }

  give(personId: string): string {
    const id = `${newId('tr')}.trigger`;
    this.#given.set(id, { personId, untilInMs: this.#now() + TRIGGER_LIFE_IN_MS, isUsed: false });
    return id;
  }

  /** The person for whom something may be opened now. */
  use(id: string): string {
    const trigger = this.#given.get(id);
    if (trigger === undefined) throw new SlackFault('invalid_trigger_id', { kind: 'trigger' });
    if (trigger.isUsed) throw new SlackFault('exchanged_trigger_id', { kind: 'trigger' });
    if (this.#now() > trigger.untilInMs) throw new SlackFault('expired_trigger_id', { kind: 'trigger' });
    trigger.isUsed = true;
    return trigger.personId;
  }
}

/** What a response_url stands for. */
export interface ResponseTicket {
  readonly channelId: string;
  readonly teamId: string;
  readonly personId: string;
  /** The message it came from, where it came from one. */
  readonly messageTs: string | undefined;
  readonly threadTs: string | undefined;
  readonly untilInMs: number;
  usesLeft: number;
}

/** Response URLs: five uses in thirty minutes. */
export class ResponseUrls {
  readonly #now: () => number;
  readonly #journal: Journal;
  readonly #tickets = new Map<string, ResponseTicket>();

  constructor(now: () => number, journal: Journal) {
    this.#now = now;
    this.#journal = journal;
  }

  /** The last part of its address. */
  give(ticket: Omit<ResponseTicket, 'usesLeft' | 'untilInMs'>): string {
    const key = newId('resp');
    this.#tickets.set(key, {
      ...ticket,
      untilInMs: this.#now() + RESPONSE_LIFE_IN_MS,
      usesLeft: RESPONSE_USES,
    });
    return key;
  }

  /** Undefined where it may not be used any more. */
  use(key: string): ResponseTicket | undefined {
    const ticket = this.#tickets.get(key);
    if (ticket === undefined || this.#now() > ticket.untilInMs || ticket.usesLeft === 0) {
      this.#journal.violate('response-url', 'response_url', 'unknown, too old or used five times');
      return undefined;
    }
    ticket.usesLeft -= 1;
    return ticket;
  }
}
