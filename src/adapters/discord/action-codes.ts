import { encodeAction, encodeShelf } from '#src/chat/action-code.ts';
import type { Front, Place } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import type { Action } from '#src/core/view.ts';
import { MAX_CUSTOM_ID_LENGTH } from './limits.ts';
import type { CodeOf } from './notice-message.ts';

/** Finds the codes that stand on buttons. What is too long for Discord is kept inside. */
export class ActionCodes {
  readonly #front: Pick<Front, 'shelve'>;
  readonly #log: Log;

  constructor(front: Pick<Front, 'shelve'>, log: Log) {
    this.#front = front;
    this.#log = log;
  }

  /** Codes for all these actions. One that cannot be kept goes without a button: its command can still be typed. */
  async forAll(place: Place, actions: readonly Action[]): Promise<CodeOf> {
    const codes = new Map<Action, string>();
    await Promise.all(
      actions.map(async (action) => {
        try {
          codes.set(action, await this.of(place, action));
        } catch (error) {
          this.#log.error('a button could not be kept, and is left out', { command: action.command }, error);
        }
      }),
    );
    return (action) => codes.get(action);
  }

  async of(place: Place, action: Action): Promise<string> {
    return encodeAction(action, MAX_CUSTOM_ID_LENGTH) ?? encodeShelf(await this.#front.shelve(place, action));
  }
}
