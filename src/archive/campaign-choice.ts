import type { ArchiveTarget, StoredCampaign } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey, nearestName } from '#src/core/names.ts';
import { plainLine } from '#src/core/text.ts';

type NamedWorkspace = ArchiveTarget['workspace'];

/** "“Main” of Salt Docks (discord 1234)". */
export function shownCampaign({ name, workspace }: Pick<StoredCampaign, 'name' | 'workspace'>): string {
  return plainLine(`“${name}” of ${shownWorkspace(workspace)}`);
}

export function shownWorkspace({ name, platform, platformId }: NamedWorkspace): string {
  return plainLine(`${name} (${platform} ${platformId})`);
}

/** @throws Refusal where there is none of that name, or more than one, or one has to be named: which there are. */
export function chooseCampaign(
  all: readonly StoredCampaign[],
  asked: { readonly campaign: string | undefined; readonly workspace: string | undefined },
): StoredCampaign {
  const { campaign: name, workspace } = asked;
  const inWorkspace =
    workspace === undefined ? all : all.filter((each) => isNamed(each.workspace, workspace));
  if (inWorkspace.length === 0)
    throw new Refusal(
      workspace === undefined
        ? 'There is no campaign in this database. Look whether DATA_DIR or DATABASE_URL name the right one.'
        : noWorkspace(all, workspace),
    );
  const found =
    name === undefined ? inWorkspace : inWorkspace.filter((each) => nameKey(each.name) === nameKey(name));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    const which =
      name === undefined ? 'Say which with --campaign' : 'Say of which workspace with --workspace';
    throw new Refusal(`${which}:\n${listed(found.map(shownCampaign))}`);
  }
  const nearest = nearestName(
    name ?? '',
    inWorkspace.map((each) => each.name),
  );
  const meant =
    nearest === undefined
      ? `There are:\n${listed(inWorkspace.map(shownCampaign))}`
      : `Did you mean “${plainLine(nearest)}”?`;
  throw new Refusal(`There is no campaign called “${plainLine(name ?? '')}”. ${meant}`);
}

/** @throws Refusal where there is none of that name, or more than one: which there are. */
export function chooseWorkspace(all: readonly StoredCampaign[], name: string): NamedWorkspace {
  const workspaces = [...new Map(all.map(({ workspace }) => [workspace.id, workspace])).values()];
  const [first, ...others] = workspaces.filter((workspace) => isNamed(workspace, name));
  if (first === undefined) throw new Refusal(noWorkspace(all, name));
  if (others.length > 0)
    throw new Refusal(
      `More than one workspace is called that. Name it by its id instead:\n${listed([first, ...others].map(shownWorkspace))}`,
    );
  return first;
}

export function listed(items: readonly string[]): string {
  return items.map((item) => `  ${item}`).join('\n');
}

function noWorkspace(all: readonly StoredCampaign[], name: string): string {
  const shown = [...new Set(all.map(({ workspace }) => shownWorkspace(workspace)))];
  return `There is no workspace called “${plainLine(name)}”. There are:\n${listed(shown)}`;
}

/** By its name, or by the platform's id of it. */
function isNamed(workspace: NamedWorkspace, name: string): boolean {
  return workspace.platformId === name || nameKey(workspace.name) === nameKey(name);
}
