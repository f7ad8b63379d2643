import type { GameMasters, Place, Privacy } from '#src/core/front.ts';
import { isDirectChannel, spotOf, teamOf } from './place.ts';
import { MOST_MEMBERS, personOf } from './slack-api.ts';
import { MissingScope } from './slack-errors.ts';
import type { SlackTeam } from './slack-team.ts';

/** Whether anybody but these game masters reads there now. Asks Slack each time: people come and go. */
export async function privacyIn(team: SlackTeam, place: Place, gms: GameMasters): Promise<Privacy> {
  try {
    const { channel } = spotOf(place);
    const info = await team.api.channel(channel);
    if (isDirectChannel(channel) || info.is_im === true)
      return await ofOnePerson(team, place, personOf(info), gms);
    if (info.is_mpim === true)
      return no('It is a group conversation, to which anybody in it can add others.');
    if (info.is_private !== true) return no('Everybody in the workspace can read a public channel.');
    if (info.is_ext_shared === true || info.is_pending_ext_shared === true || info.is_org_shared === true) {
      return no('The channel is shared with another workspace.');
    }
    return await ofMembers(team, channel, gms);
  } catch (error) {
    if (error instanceof MissingScope) return no(`Who reads there cannot be told. ${error.message}`);
    team.log.warn('Who reads a Slack channel could not be learnt', {}, error);
    return no('Slack did not say who reads there. Try again in a minute.');
  }
}

async function ofOnePerson(
  team: SlackTeam,
  place: Place,
  user: string | undefined,
  gms: GameMasters,
): Promise<Privacy> {
  const person = user ?? teamOf(place).directWith;
  if (person === undefined) return no('Slack did not say whose conversation it is.');
  const isGm = await gmTest(team, gms);
  if (await isGm(person)) return { isPrivate: true };
  return no(`${(await team.people.person(person)).name} reads there and is no game master.`);
}

async function ofMembers(team: SlackTeam, channel: string, gms: GameMasters): Promise<Privacy> {
  const members = await team.api.members(channel);
  if (members === undefined) return no(`More than ${MOST_MEMBERS.toLocaleString('en')} people read there.`);
  const isGm = await gmTest(team, gms);
  for (const id of members) {
    if (id === team.botUserId || (await isGm(id))) continue;
    const { name, isBot } = await team.people.person(id);
    return no(`${name} reads there and is no game master${isBot ? ', but another app' : ''}.`);
  }
  return { isPrivate: true };
}

/** Asked anew each time as well: who is in a group, and who manages the workspace of the campaign. */
async function gmTest(team: SlackTeam, gms: GameMasters): Promise<(id: string) => Promise<boolean>> {
  const { teamId, directWith } = teamOf(gms);
  // Groups and managers of another workspace cannot be asked for here.
  const isHere = teamId === team.id;
  const roles = isHere ? gms.roles : [];
  const grouped = await Promise.all(roles.map((role) => team.api.groupMembers(role)));
  const named = new Set([...gms.people, ...grouped.flat()]);
  return async (id) => {
    if (named.has(id)) return true;
    if (!gms.areManagers || !isHere) return false;
    if (directWith !== undefined) return id === directWith;
    const { isManager, isBot } = await team.api.user(id);
    return isManager && !isBot;
  };
}

function no(why: string): Privacy {
  return { isPrivate: false, why };
}
