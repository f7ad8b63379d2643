import { withoutActingCharacters } from '#src/core/text.ts';
import type { Notice, Stage } from '#src/core/view.ts';
import { asTypedInSlack } from './command-words.ts';

/** Slack waits 3 seconds to hear whether a form closes; some of them are the network's. */
const LIMIT_IN_MS = 2000;

/**
 * What becomes of a form that was sent: it closes, or it stays open and says why it does not do, so that nothing has to be
 * typed again. Decided once: by the first thing that is told, or when Slack would wait no longer.
 */
export class FormReply {
  readonly #decided = Promise.withResolvers<string | undefined>();
  readonly #late: NodeJS.Timeout;
  #isOpen = true;

  constructor(limitInMs = LIMIT_IN_MS) {
    this.#late = setTimeout(() => this.close(), limitInMs);
  }

  /** Why it stays open; undefined: it closes. */
  get refusal(): Promise<string | undefined> {
    return this.#decided.promise;
  }

  close(): void {
    this.#decide(undefined);
  }

  /** False where the form is closed already, and cannot say it any more. */
  refuse(why: string): boolean {
    return this.#decide(why);
  }

  #decide(refusal: string | undefined): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    clearTimeout(this.#late);
    this.#decided.resolve(refusal);
    return true;
  }
}

/** A stage for what a form does: what does not do is said in the form while that is open, everything else as ever. */
export function refusingIn(reply: FormReply, stage: Stage): Stage {
  return {
    async tell(said, audience) {
      const isRefused = audience === 'asker' && (said.tone === 'refusal' || said.tone === 'trouble');
      if (isRefused && reply.refuse(wordsOf(said))) return;
      reply.close();
      await stage.tell(said, audience);
    },
    refresh: stage.refresh?.bind(stage),
    openBoard(view) {
      reply.close();
      return stage.openBoard(view);
    },
    speak(speech) {
      reply.close();
      return stage.speak(speech);
    },
    openThread(name) {
      reply.close();
      return stage.openThread(name);
    },
  };
}

function wordsOf({ blocks }: Notice): string {
  const texts = blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  return asTypedInSlack(withoutActingCharacters(texts.join(' ')));
}
