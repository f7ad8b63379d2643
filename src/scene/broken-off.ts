import { type Action, type Notice, notice } from '#src/core/view.ts';

/** What a person is told of an answer that did not come to its end, with a way to ask for it again. */
export function brokenOffNotice(npcName: string, state: 'cut' | 'failed', why: string): Notice {
  const what = `${npcName} ${state === 'cut' ? 'breaks off' : 'does not answer'}`;
  const retry: Action = { label: 'Retry', command: 'retry', options: { npc: npcName } };
  return { ...notice('trouble', `${what}: ${why}.`), actions: [retry] };
}
