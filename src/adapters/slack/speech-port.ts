import type { SpeechPart, SpeechPort } from '#src/chat/paced-speech.ts';
import type { SpeakingNpc } from '#src/core/view.ts';
import { MAX_SECTION, markedSection } from './block-kit.ts';
import { escapeText, markdownToMrkdwn } from './mrkdwn.ts';
import { buttonRows, type CodeOf, type SlackMessage } from './notice-blocks.ts';
import type { Look } from './slack-api.ts';
import { MissingScope } from './slack-errors.ts';
import type { SlackTeam } from './slack-team.ts';

export interface SpeechPortOptions {
  readonly team: SlackTeam;
  readonly npc: SpeakingNpc;
  readonly look: Look;
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly codeOf: CodeOf;
  /** Called once where NPCs turn out to have no face of their own here. */
  readonly onFaceless: () => void;
}

/** A reply as messages under the NPC's name and face; where the app may not show them, with the name before the text. */
export class MessagePort implements SpeechPort {
  readonly maxLength: number;
  readonly #options: SpeechPortOptions;

  constructor(options: SpeechPortOptions) {
    this.#options = options;
    this.maxLength = MAX_SECTION - this.#namePrefix().length;
  }

  readonly measure = (text: string) => markdownToMrkdwn(text).length;

  async post(part: SpeechPart): Promise<string> {
    const { team, look, channel, threadTs, onFaceless } = this.#options;
    const send = () =>
      team.api.post({
        ...this.rendered(part),
        channel,
        threadTs,
        ...(team.canShowFaces ? { look } : {}),
      });
    try {
      return await send();
    } catch (error) {
      if (!team.canShowFaces || !(error instanceof MissingScope)) throw error;
      team.canShowFaces = false;
      onFaceless();
      return await send();
    }
  }

  async edit(messageId: string, part: SpeechPart): Promise<void> {
    await this.#options.team.api.update(this.#options.channel, messageId, this.rendered(part));
  }

  rendered({ text, actions }: SpeechPart): SlackMessage {
    const prefix = this.#options.team.canShowFaces ? '' : this.#namePrefix();
    const words = `${prefix}${markdownToMrkdwn(text)}`;
    return { text: words, blocks: [markedSection(words), ...buttonRows(actions, this.#options.codeOf)] };
  }

  #namePrefix(): string {
    return `*${escapeText(this.#options.npc.name)}*: `;
  }
}
