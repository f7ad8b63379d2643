import { LRUCache } from 'lru-cache';
import { placeOf } from './place.ts';
import { SlackStage, type StageTools } from './slack-stage.ts';
import type { SlackTeam } from './slack-team.ts';

const MAX_GREETED = 10_000;

/** Greets people who open the direct conversation with us for the first time. */
export class Greeter {
  readonly #tools: StageTools;
  readonly #greeted = new LRUCache<string, true>({ max: MAX_GREETED });

  constructor(tools: StageTools) {
    this.#tools = tools;
  }

  async greet(team: SlackTeam, channel: string, userId: string): Promise<void> {
    const key = `${team.id} ${channel}`;
    if (this.#greeted.has(key)) return;
    this.#greeted.set(key, true);
    // Slack tells of every opening: where anything stands already, they know us.
    if (!(await team.api.isEmpty(channel))) return;
    const spot = { channel, threadTs: undefined };
    const place = placeOf({ teamId: team.id, teamName: team.name, directWith: userId }, spot);
    const asker = { id: userId, responseUrl: undefined };
    await this.#tools.front.greet(place, new SlackStage(this.#tools, { team, place, spot, asker }));
  }
}
