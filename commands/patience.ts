import { notice, type Stage } from '#src/core/view.ts';

/** What takes longer than this is worth a word. */
const PATIENCE_IN_MS = 800;

/** Tells the one who asked that something is being done, where it takes its time. */
export async function whileWaiting<T>(stage: Stage, doing: string, work: Promise<T>): Promise<T> {
  let told: Promise<void> | undefined;
  const timer = setTimeout(() => {
    told = stage.tell(notice('hint', `${doing} …`), 'asker').catch(() => undefined);
  }, PATIENCE_IN_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    await told;
  }
}
