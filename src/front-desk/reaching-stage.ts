import { AskerUnreachable } from '#src/core/errors.ts';
import type { Notice, Stage } from '#src/core/view.ts';

/** A stage on which nothing is lost that was for one person alone: what cannot reach them any more is handed to `keep`. */
export function reachingStage(stage: Stage, keep: (notice: Notice) => Promise<void>): Stage {
  return {
    async tell(notice, audience) {
      try {
        await stage.tell(notice, audience);
      } catch (error) {
        if (!(error instanceof AskerUnreachable)) throw error;
        await keep(notice);
      }
    },
    refresh: stage.refresh?.bind(stage),
    openBoard: (view) => stage.openBoard(view),
    speak: (speech) => stage.speak(speech),
    async openThread(name) {
      const thread = await stage.openThread(name);
      return { ...thread, stage: reachingStage(thread.stage, keep) };
    },
  };
}
