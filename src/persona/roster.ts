import { isDeepStrictEqual } from 'node:util';
import type { NpcOption } from '#src/core/command.ts';
import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey, nearestName } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { PersonaFile, PersonaFileFault, PersonaFiles } from './persona-files.ts';

/** Finds NPCs by what somebody typed, and brings the personas of the folder into a campaign when they are first used. */
export class Roster {
  readonly #files: PersonaFiles;
  readonly #newId: () => string;

  constructor(options: { readonly files: PersonaFiles; readonly newId: () => string }) {
    this.#files = options.files;
    this.#newId = options.newId;
  }

  /**
   * The NPC of this campaign that is meant: by name, by alias, or by one word of the name that no other has.
   * @throws Refusal with the nearest name where there is none.
   */
  async find(store: CampaignStore, typed: string): Promise<Npc> {
    const npcs = await store.npcs.list();
    const npc = meant(npcs, typed);
    if (npc !== undefined) return this.current(store, npc);
    const waiting = await this.inFolder(store, typed);
    if (waiting !== undefined) {
      const { name } = waiting.persona;
      throw new Refusal(
        `${name} waits in the personas folder and is not in this campaign yet. /npc talk ${name} brings them in.`,
      );
    }
    throw unknownNpc(
      typed,
      npcs.map(({ persona }) => persona.name),
    );
  }

  /** The persona of the folder that is meant, where this campaign has not met it. */
  async inFolder(store: CampaignStore, typed: string): Promise<PersonaFile | undefined> {
    return meant((await this.waiting(store)).personas, typed);
  }

  /**
   * Like `find`, and takes a persona of the folder into the campaign where that is meant.
   * @param by display name of who asks.
   */
  async findOrAdopt(store: CampaignStore, typed: string, by: string): Promise<Npc> {
    const npcs = await store.npcs.list();
    const npc = meant(npcs, typed);
    if (npc !== undefined) return this.current(store, npc);
    const { personas, faults } = await this.#files.list();
    const found = meant(personas, typed);
    if (found === undefined) {
      const names = [...npcs, ...personas].map(({ persona }) => persona.name);
      throw brokenFileOf(typed, faults) ?? unknownNpc(typed, names);
    }
    const adopted = await store.npcs.add({
      id: this.#newId(),
      persona: found.persona,
      status: 'kept',
      castId: undefined,
      sourceFile: found.file,
      reason: 'from file',
      by,
    });
    // Somebody else was quicker: theirs is the one.
    return adopted ?? this.find(store, found.persona.name);
  }

  /** The NPC as it is now: one that follows a file has become what the file says since it was last used. */
  async current(store: CampaignStore, npc: Npc): Promise<Npc> {
    if (npc.sourceFile === undefined) return npc;
    const file = (await this.#files.list()).personas.find(({ file }) => file === npc.sourceFile);
    if (file === undefined || isDeepStrictEqual(file.persona, npc.persona)) return npc;
    const change = { persona: file.persona, reason: 'from file', by: file.file, follow: true } as const;
    return (await store.npcs.addVersion(npc.id, change)) ?? npc;
  }

  /** The folder's personas that this campaign has not met, and what is wrong with its other files. */
  async waiting(store: CampaignStore): Promise<{
    readonly personas: readonly PersonaFile[];
    readonly faults: readonly PersonaFileFault[];
  }> {
    const { personas, faults } = await this.#files.list();
    const npcs = await store.npcs.list();
    const names = new Set(npcs.map(({ persona }) => nameKey(persona.name)));
    const files = new Set(npcs.map(({ sourceFile }) => sourceFile));
    return {
      personas: personas.filter(({ file, persona }) => !names.has(nameKey(persona.name)) && !files.has(file)),
      faults,
    };
  }

  /** Names that complete an option, by name. */
  async names(
    store: CampaignStore,
    among: NpcOption['among'],
    onStage: readonly Npc[],
  ): Promise<readonly string[]> {
    const npcs = await store.npcs.list();
    const drafts = npcs.filter(({ status }) => status === 'draft');
    const waiting = among === 'castable' ? (await this.waiting(store)).personas : [];
    const named = { stage: onStage, draft: drafts, known: npcs, castable: [...npcs, ...waiting] }[among];
    return named.map(({ persona }) => persona.name);
  }
}

interface Named {
  readonly persona: { readonly name: string; readonly aliases: readonly string[] };
}

function meant<T extends Named>(candidates: readonly T[], typed: string): T | undefined {
  const key = nameKey(typed);
  const exact = candidates.find(({ persona }) => nameKey(persona.name) === key);
  if (exact !== undefined) return exact;
  const byAlias = candidates.filter(({ persona }) => persona.aliases.some((alias) => nameKey(alias) === key));
  const byWord = candidates.filter(({ persona }) => nameKey(persona.name).split(' ').includes(key));
  return [byAlias, byWord].find((found) => found.length === 1)?.[0];
}

function unknownNpc(typed: string, names: readonly string[]): Refusal {
  const nearest = nearestName(typed, names);
  const meantToo = nearest === undefined ? '/npc list shows whom you have.' : `Did you mean ${nearest}?`;
  return new Refusal(`There is no NPC called “${typed}” here. ${meantToo}`);
}

/** The persona may be there and its file broken: that is the thing to say. */
function brokenFileOf(typed: string, faults: readonly PersonaFileFault[]): Refusal | undefined {
  const key = nameKey(typed).replace(/ /gu, '-');
  const fault = faults.find(({ file }) => file.toLowerCase().startsWith(key));
  return fault && new Refusal(`personas/${fault.file} cannot be read, line ${fault.line}: ${fault.reason}`);
}
