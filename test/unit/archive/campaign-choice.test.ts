import { describe, expect, it } from 'vitest';
import { chooseCampaign, chooseWorkspace } from '#src/archive/campaign-choice.ts';
import type { StoredCampaign } from '#src/core/archive.ts';

const stored = (name: string, platformId: string, workspaceName = 'Docks'): StoredCampaign => ({
  ...{ id: `${name} ${platformId}`, name, isEmpty: false },
  workspace: { id: platformId, platform: 'discord', platformId, name: workspaceName },
});
const all = [stored('Main', '1'), stored('Harbour', '1'), stored('Main', '2'), stored('Alone', '3', 'Hills')];
const choose = (campaign?: string, workspace?: string) => chooseCampaign(all, { campaign, workspace }).id;

describe('which campaign is meant', () => {
  it('is told by its name, and by its workspace where that is not enough', () => {
    expect(choose('harbour')).toBe('Harbour 1');
    expect(choose('main', '2')).toBe('Main 2');
    expect(choose(undefined, 'hills')).toBe('Alone 3');
    expect(chooseCampaign(all.slice(0, 1), { campaign: undefined, workspace: undefined }).id).toBe('Main 1');
  });

  it('is asked for where it is not clear', () => {
    expect(() => choose()).toThrow(/Say which with --campaign:\n.*“Main” of Docks \(discord 1\)/);
    expect(() => choose('Main')).toThrow('Say of which workspace with --workspace');
    expect(() => choose('Harbor')).toThrow('Did you mean “Harbour”?');
    expect(() => choose('Dragon')).toThrow('There are:');
    expect(() => choose('Main', 'Nowhere')).toThrow('There is no workspace called “Nowhere”');
    expect(() => chooseCampaign([], { campaign: undefined, workspace: undefined })).toThrow(
      'There is no campaign',
    );
  });

  it('may be one of several workspaces of a name, told by their ids', () => {
    expect(chooseWorkspace(all, 'hills').platformId).toBe('3');
    expect(chooseWorkspace(all, '2').platformId).toBe('2');
    expect(() => chooseWorkspace(all, 'Docks')).toThrow('Name it by its id instead');
    expect(() => chooseWorkspace(all, 'Nowhere')).toThrow('There is no workspace');
  });
});
