import { Refusal } from '#src/core/errors.ts';
import type { Place, Platform, Privacy } from '#src/core/front.ts';
import type { Stage } from '#src/core/view.ts';
import type { TerminalStage } from './terminal-stage.ts';

/** The local table, where whoever sits there is all who read. */
export class TerminalPlatform implements Platform {
  readonly name = 'terminal';
  readonly #stage: TerminalStage;

  constructor(stage: TerminalStage) {
    this.#stage = stage;
  }

  async stageAt(): Promise<Stage> {
    const stage = this.#stage;
    return {
      tell: (notice) => stage.tellGm(notice),
      openBoard: (view) => stage.openBoard(view),
      speak: (speech) => stage.speak(speech),
      openThread: () => stage.openThread(),
    };
  }

  async directPlace(): Promise<Place> {
    throw new Refusal('The local table is a direct conversation already: only you read here.');
  }

  async privacyOf(): Promise<Privacy> {
    return { isPrivate: true };
  }

  /** Nothing that stood on a screen can be marked afterwards; the transcript shows it. */
  async markBrokenOff(): Promise<void> {}
}
