import { decodeAction, encodeAction, encodeShelf, type PressedAction } from '#src/chat/action-code.ts';
import type { Front, Place } from '#src/core/front.ts';
import type { Action } from '#src/core/view.ts';
import { MAX_BUTTON_VALUE } from './block-kit.ts';
import type { CodeOf } from './notice-blocks.ts';

/** Codes for these actions, which one message shows. */
export async function codesFor(
  front: Pick<Front, 'shelve'>,
  place: Place,
  actions: readonly Action[],
): Promise<CodeOf> {
  const codes = new Map<Action, string>();
  for (const action of actions) {
    const code = encodeAction(action, MAX_BUTTON_VALUE) ?? encodeShelf(await front.shelve(place, action));
    codes.set(action, code);
  }
  return (action) => codes.get(action) ?? '';
}

/** What a pressed button does; undefined where nobody knows any more. */
export async function pressedAction(
  front: Pick<Front, 'unshelve'>,
  place: Place,
  code: string,
): Promise<PressedAction | undefined> {
  const decoded = decodeAction(code);
  if (decoded === undefined) return undefined;
  return decoded.kind === 'action' ? decoded.action : front.unshelve(place, decoded.shelfCode);
}
