import { MessageGone } from '#src/chat/failures.ts';
import { sendPaced } from '#src/chat/paced-send.ts';
import { markedText } from '#src/chat/speech-marks.ts';
import { splitText } from '#src/chat/split-text.ts';
import { Refusal } from '#src/core/errors.ts';
import type { BrokenReply, GameMasters, Place, Platform, Privacy } from '#src/core/front.ts';
import type { Stage } from '#src/core/view.ts';
import { lookOf } from './faces.ts';
import { messageAt, placeOf, spotOf, teamOf } from './place.ts';
import { privacyIn } from './privacy.ts';
import { SlackFault } from './slack-errors.ts';
import { SlackStage, type StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';
import type { SlackTeams } from './slack-teams.ts';
import { MessagePort } from './speech-port.ts';

/** Slack as the inside uses it by itself. */
export class SlackPlatform implements Platform {
  readonly name = 'slack';
  readonly #teams: SlackTeams;
  readonly #tools: StageTools;

  constructor(teams: SlackTeams, tools: StageTools) {
    this.#teams = teams;
    this.#tools = tools;
  }

  async stageAt(place: Place): Promise<Stage> {
    const team = await this.#teamAt(place);
    return new SlackStage(this.#tools, { team, place, spot: spotOf(place), asker: undefined });
  }

  async directPlace(personId: string): Promise<Place> {
    const team = await this.#teams.ofPerson(personId);
    if (team === undefined) {
      throw new Refusal('Slack knows no such person here. Let them write to Dramatis once, then try again.');
    }
    const channel = await team.api.openDirect(personId);
    if (channel === '') throw new Refusal('Slack opened no conversation with them.');
    return placeOf(
      { teamId: team.id, teamName: team.name, directWith: personId },
      { channel, threadTs: undefined },
    );
  }

  async privacyOf(place: Place, gms: GameMasters): Promise<Privacy> {
    return privacyIn(await this.#teamAt(place), place, gms);
  }

  async markBrokenOff(broken: BrokenReply): Promise<void> {
    const { place, messageIds, npcId, npcName, text, notice } = broken;
    const team = await this.#teamAt(place);
    const lastAt = messageIds.length - 1;
    const { spot, ts } = messageAt(place, messageIds[lastAt] ?? '');
    const { channel } = spot;
    const npc = { id: npcId, name: npcName, avatar: '' };
    const port = new MessagePort({
      team,
      npc,
      look: lookOf(npc, this.#tools.avatarOf),
      ...spot,
      codeOf: () => '',
      onFaceless: () => {},
    });
    const parts = splitText(markedText(text, 'cut'), port);
    const [last = '', ...others] = parts.slice(lastAt);
    if (ts !== '' && last !== '') {
      try {
        const edit = () => port.edit(ts, { text: last, actions: [] });
        await sendPaced(team.pacer, { kind: 'last', channelId: channel }, () =>
          closingStream(team, channel, ts, edit),
        );
        for (const rest of others) {
          await sendPaced(team.pacer, { kind: 'first', channelId: channel }, () =>
            port.post({ text: rest, actions: [] }),
          );
        }
      } catch (error) {
        if (!(error instanceof MessageGone)) throw error;
      }
    }
    await new SlackStage(this.#tools, { team, place, spot, asker: undefined }).tell(notice, 'everyone');
  }

  async #teamAt(place: Place): Promise<SlackTeam> {
    const team = await this.#teams.byId(teamOf(place).teamId);
    if (team !== undefined) return team;
    throw new Refusal('Dramatis is no longer installed in that Slack workspace.');
  }
}

/** Slack keeps a stream open for minutes after whoever wrote it is gone, and takes no edits of it meanwhile. */
async function closingStream(
  team: SlackTeam,
  channel: string,
  messageId: string,
  edit: () => Promise<void>,
): Promise<void> {
  try {
    await edit();
  } catch (error) {
    if (!(error instanceof SlackFault) || error.code !== 'streaming_state_conflict') throw error;
    await team.api.stopStream(channel, messageId);
    await edit();
  }
}
