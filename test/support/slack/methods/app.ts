import { SlackFault } from '../faults.ts';
import type { Fields } from '../fields.ts';
import { argument, type Method, type MethodCall, required } from '../state.ts';
import { type OpenView, viewFields } from '../view-desk.ts';
import type { Member } from '../world.ts';

const authTest: Method = ({ state, team }) => ({
  url: `https://${team.domain}.slack.com/`,
  team: team.name,
  user: team.bot.name,
  team_id: team.id,
  user_id: team.bot.id,
  bot_id: team.botId,
  app_id: state.app.id,
  is_enterprise_install: false,
});

const authRevoke: Method = ({ team }) => {
  team.tokenFault = 'token_revoked';
  return { revoked: true };
};

const teamInfo: Method = ({ team }) => ({ team: { id: team.id, name: team.name, domain: team.domain } });

const botInfo: Method = ({ state, team }) => ({
  bot: { id: team.botId, app_id: state.app.id, user_id: team.bot.id, name: team.bot.name, deleted: false },
});

const viewsOpen: Method = (call) => {
  const person = triggered(call);
  const view = call.state.views.open(person, call.args.view, { isOnTop: false });
  return answer(call, view);
};

const viewsPush: Method = (call) => {
  const person = triggered(call);
  const view = call.state.views.open(person, call.args.view, { isOnTop: true });
  return answer(call, view);
};

const viewsUpdate: Method = (call) => {
  const view =
    call.state.views.byId(argument(call, 'view_id')) ??
    call.state.views.byExternalId(argument(call, 'external_id'));
  if (view === undefined || !view.isOpen) throw new SlackFault('not_found');
  const hash = argument(call, 'hash');
  if (hash !== '' && hash !== view.hash) throw new SlackFault('hash_conflict');
  call.state.views.update(view, call.args.view);
  return answer(call, view);
};

const viewsPublish: Method = (call) => {
  const person = call.team.members.get(required(call, 'user_id'));
  if (person === undefined) throw new SlackFault('user_not_found');
  return answer(call, call.state.views.publish(person, call.args.view));
};

export const appMethods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'auth.revoke': authRevoke,
  'team.info': teamInfo,
  'bots.info': botInfo,
  'views.open': viewsOpen,
  'views.push': viewsPush,
  'views.update': viewsUpdate,
  'views.publish': viewsPublish,
};

function triggered(call: MethodCall): Member {
  const id = call.state.triggers.use(required(call, 'trigger_id'));
  const person = call.team.members.get(id);
  if (person === undefined) throw new SlackFault('invalid_trigger_id', { kind: 'trigger' });
  return person;
}

function answer(call: MethodCall, view: OpenView): Fields {
  return { view: viewFields(view, call.team, call.state.app.id) };
}
