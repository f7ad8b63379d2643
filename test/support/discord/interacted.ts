import type { FilledModal } from './modal-on-screen.ts';
import { ModalOnScreen } from './modal-on-screen.ts';
import type { ChannelRecord, InteractionRecord, MessageRecord } from './records.ts';
import type { World } from './world.ts';

/** A message as somebody sees it, at this moment. */
export interface SeenMessage {
  readonly id: string;
  /** The name it stands under. */
  readonly author: string;
  /** Everything that can be read of it. */
  readonly text: string;
  readonly isEphemeral: boolean;
  /** "Dramatis is thinking". */
  readonly isLoading: boolean;
  readonly buttons: readonly string[];
}

/** Waits until something holds, looked at whenever anything changes. */
export type Until = <T>(find: () => T | undefined | false, what: string, timeoutInMs?: number) => Promise<T>;

/** Whoever interacted, as far as that matters afterwards. */
export interface Onlooker {
  sees(channel: ChannelRecord): readonly SeenMessage[];
  submits(channel: ChannelRecord, filled: FilledModal, source?: MessageRecord): Interacted;
}

/** What came of an interaction. */
export class Interacted {
  readonly record: InteractionRecord;
  readonly #world: World;
  readonly #until: Until;
  readonly #person: Onlooker;

  constructor(world: World, record: InteractionRecord, until: Until, person: Onlooker) {
    this.#world = world;
    this.record = record;
    this.#until = until;
    this.#person = person;
  }

  /** The first answer. @throws Error where none came in time. */
  async acknowledged() {
    const found = await this.#until(
      () => this.record.acknowledged ?? (this.record.hasFailed ? 'failed' : undefined),
      'the interaction is answered',
    );
    if (found === 'failed') throw new Error('the application did not respond');
    return found;
  }

  /** Its first message once it says something, as the person sees it. */
  async answer(): Promise<SeenMessage> {
    await this.acknowledged();
    return await this.#until(
      () => this.messages().find((each) => !each.isLoading),
      'the interaction has an answer',
    );
  }

  /** The first that is said to the person alone, beside what everybody sees. */
  async aside(): Promise<SeenMessage> {
    await this.acknowledged();
    return await this.#until(
      () => this.messages().find((each) => each.isEphemeral && !each.isLoading),
      'the interaction says something to the person alone',
    );
  }

  /** Its messages so far that the person sees: the first, then the follow-ups. */
  messages(): readonly SeenMessage[] {
    const { originalId, followUpIds, channel } = this.record;
    const ids = originalId === undefined ? followUpIds : [originalId, ...followUpIds];
    const seen = this.#person.sees(channel);
    return ids.flatMap((id) => seen.find((each) => each.id === id) ?? []);
  }

  /** The modal that it opens. */
  async modal(): Promise<ModalOnScreen<Interacted>> {
    const modal = await this.#until(() => this.record.modal, 'a modal opens');
    const { channel, source } = this.record;
    return new ModalOnScreen(modal, (data) => this.#person.submits(channel, data, source));
  }

  /** Time goes on until its token has expired. */
  expires(): void {
    this.#world.clock.advance(15 * 60_000 + 1000);
  }
}
