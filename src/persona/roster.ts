import { isDeepStrictEqual } from 'node:util';
import type { NpcOption } from '#src/core/command.ts';
import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey, nearestName } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { PersonaFile, PersonaFileFault, PersonaFiles } from './persona-files.ts';

/** Whom a campaign has, each as it is now, and what the folder adds. */
export interface Everybody {
  /** Drafts and kept ones. */
  readonly npcs: readonly Npc[];
  /** Who waits in the folder: personas that this campaign has not met. */
  readonly personas: readonly PersonaFile[];
  /** What is wrong with the other files, and with those that an NPC follows. */
  readonly faults: readonly PersonaFileFault[];
}

/** Finds NPCs by what somebody typed, and brings the personas of the folder into a campaign when they are first used. */
export class Roster {
  readonly #files: PersonaFiles;
  readonly #newId: () => string;

  constructor(options: { readonly files: PersonaFiles; readonly newId: () => string }) {
    this.#files = options.files;
    this.#newId = options.newId;
  }

  /**
   * The NPC of this campaign that is meant: by name, by alias, by one word of the name that no other has, or by a name
   * that it had before. The name of somebody who is discarded or waits in the folder is nobody's alias.
   * @throws Refusal with the nearest name where there is none.
   */
  async find(store: CampaignStore, typed: string): Promise<Npc> {
    const { npcs, personas } = await this.waiting(store);
    const found = await this.#whoIsMeant(store, typed, { npcs, personas });
    if ('id' in found) return found;
    const { name } = found.persona;
    throw new Refusal(
      `${name} waits in the personas folder and is not in this campaign yet. /npc talk npc:${name} brings them in.`,
      { actions: [{ label: 'Talk', command: 'npc talk', options: { npc: name } }] },
    );
  }

  /**
   * Refuses a new name that somebody has who waits in the folder: that persona could not be called any more.
   * @throws Refusal where the folder has it.
   */
  async refuseNameOfFolder(store: CampaignStore, name: string): Promise<void> {
    const { personas } = await this.waiting(store);
    const owner = named(personas, name);
    if (owner === undefined) return;
    throw new Refusal(
      `${owner.persona.name} waits in the personas folder (${owner.file}): choose another name. Nothing was changed.`,
    );
  }

  /**
   * Like `find`, also among the discarded ones: the newest of a name, and one that lives before one that does not.
   * @throws Refusal with the nearest name where there is none.
   */
  async findAny(store: CampaignStore, typed: string): Promise<Npc> {
    const { npcs } = await this.#living(store);
    const discarded = await discardedOf(store);
    const npc =
      named(npcs, typed) ?? named(discarded, typed) ?? meant(npcs, typed) ?? meant(discarded, typed);
    if (npc === undefined) throw unknownNpc(typed, [...npcs, ...discarded]);
    return npc;
  }

  /** The NPC, or the persona of the folder, that is meant: to be looked at. */
  async look(store: CampaignStore, typed: string): Promise<Npc | PersonaFile> {
    const { npcs, personas } = await this.waiting(store);
    return this.#whoIsMeant(store, typed, { npcs, personas });
  }

  /**
   * Like `find`, and takes a persona of the folder into the campaign where that is meant.
   * @param by display name of who asks.
   */
  async findOrAdopt(store: CampaignStore, typed: string, by: string): Promise<Npc> {
    const { npcs, personas, faults } = await this.waiting(store);
    const found = await this.#whoIsMeant(store, typed, { npcs, personas, faults });
    if ('id' in found) return found;
    const discarded = named(await discardedOf(store), found.persona.name);
    if (discarded !== undefined) throw wasDiscarded(discarded);
    const adopted = await store.npcs.add({
      id: this.#newId(),
      persona: found.persona,
      status: 'kept',
      cast: undefined,
      sourceFile: found.file,
      reason: 'from file',
      by,
    });
    // Somebody else was quicker: theirs is the one.
    return adopted ?? this.find(store, found.persona.name);
  }

  /** The NPC as it is now: one that follows a file has become what the file says since it was last used. */
  async current(store: CampaignStore, npc: Npc): Promise<Npc> {
    return (await this.#follow(store, npc)).npc;
  }

  /** Who waits in the folder, beside whom the campaign has. */
  async waiting(store: CampaignStore): Promise<Everybody> {
    const { npcs, faults: unfollowed } = await this.#living(store);
    const { personas, faults } = await this.#files.list();
    const names = new Set(npcs.map(({ persona }) => nameKey(persona.name)));
    const followed = new Set(npcs.map(({ sourceFile }) => sourceFile));
    return {
      npcs,
      personas: personas.filter(
        ({ file, persona }) => !names.has(nameKey(persona.name)) && !followed.has(file),
      ),
      faults: [...faults, ...unfollowed],
    };
  }

  /** Names that complete an option, by name. */
  async names(
    store: CampaignStore,
    among: NpcOption['among'],
    onStage: readonly Npc[],
  ): Promise<readonly string[]> {
    switch (among) {
      case 'stage':
        return namesOf(onStage);
      case 'draft':
        return namesOf(await store.npcs.list(['draft']));
      case 'known':
        return sorted(await store.npcs.names());
      case 'any':
        return [...new Set(namesOf(await store.npcs.list(['draft', 'kept', 'discarded'])))];
      case 'castable': {
        const known = await store.npcs.names();
        const taken = new Set(known.map(({ name }) => nameKey(name)));
        const inFolder = namesOf((await this.#files.list()).personas);
        return [...sorted(known), ...inFolder.filter((name) => !taken.has(nameKey(name)))];
      }
    }
  }

  /**
   * The NPC, or the persona that waits in the folder. Exact names come first, wherever they stand; only then aliases and
   * single words; then what a button of an older message may still call somebody.
   * @throws Refusal where it is nobody, or the name of somebody who was discarded.
   */
  async #whoIsMeant(
    store: CampaignStore,
    typed: string,
    { npcs, personas, faults = [] }: Pick<Everybody, 'npcs' | 'personas'> & Partial<Everybody>,
  ): Promise<Npc | PersonaFile> {
    const living = named(npcs, typed);
    if (living !== undefined) return living;
    const discarded = named(await discardedOf(store), typed);
    if (discarded !== undefined) throw wasDiscarded(discarded);
    const found = named(personas, typed) ?? meant(npcs, typed) ?? meant(personas, typed);
    if (found !== undefined) return found;
    const renamed = await calledBefore(store, npcs, typed);
    if (renamed !== undefined) return renamed;
    throw brokenFileOf(typed, faults) ?? unknownNpc(typed, [...npcs, ...personas]);
  }

  /** Drafts and kept ones as they are now: what somebody types is compared with the names that the files say today. */
  async #living(store: CampaignStore): Promise<Pick<Everybody, 'npcs' | 'faults'>> {
    const followed = await Promise.all((await store.npcs.list()).map((npc) => this.#follow(store, npc)));
    return {
      npcs: followed.map(({ npc }) => npc).filter(({ status }) => status !== 'discarded'),
      faults: followed.flatMap(({ fault }) => fault ?? []),
    };
  }

  async #follow(
    store: CampaignStore,
    npc: Npc,
  ): Promise<{ readonly npc: Npc; readonly fault?: PersonaFileFault }> {
    if (npc.sourceFile === undefined) return { npc };
    const found = await this.#files.one(npc.sourceFile);
    if (found === undefined || isDeepStrictEqual(found.persona, npc.persona)) return { npc };
    const { file, persona, nameLine } = found;
    const change = { base: npc.version, persona, reason: 'from file', by: file, follow: true } as const;
    const changed = await store.npcs.addVersion(npc.id, change);
    if (typeof changed === 'object') return { npc: changed };
    if (changed === 'name taken') {
      const reason = `Another NPC of this campaign is called ${persona.name}: ${npc.persona.name} stays as before until one of them has another name.`;
      return { npc, fault: { file, line: nameLine, reason } };
    }
    // Somebody changed or discarded it meanwhile: what is stored now may follow no file any more.
    const now = await store.npcs.byId(npc.id);
    return now === undefined || changed === 'gone' ? { npc: now ?? npc } : this.#follow(store, now);
  }
}

async function discardedOf(store: CampaignStore): Promise<readonly Npc[]> {
  return (await store.npcs.list(['discarded'])).toSorted((a, b) => b.createdAtInMs - a.createdAtInMs);
}

/** The only one that was called so in an older version. */
async function calledBefore(
  store: CampaignStore,
  npcs: readonly Npc[],
  typed: string,
): Promise<Npc | undefined> {
  const key = nameKey(typed);
  const changed = npcs.filter(({ version }) => version > 1);
  const hadIt = await Promise.all(
    changed.map(async ({ id }) =>
      (await store.npcs.versions(id)).some(({ persona }) => nameKey(persona.name) === key),
    ),
  );
  const found = changed.filter((_, index) => hadIt[index]);
  return found.length === 1 ? found[0] : undefined;
}

function wasDiscarded({ persona: { name } }: Npc): Refusal {
  return new Refusal(`${name} was discarded. /npc restore npc:${name} brings them back.`, {
    actions: [{ label: 'Restore', command: 'npc restore', options: { npc: name } }],
  });
}

interface Named {
  readonly persona: { readonly name: string; readonly aliases: readonly string[] };
}

function namesOf(candidates: readonly Named[]): string[] {
  return candidates.map(({ persona }) => persona.name);
}

function sorted(known: readonly { readonly name: string }[]): string[] {
  return known.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en'));
}

function named<T extends Named>(candidates: readonly T[], typed: string): T | undefined {
  return candidates.find(({ persona }) => nameKey(persona.name) === nameKey(typed));
}

function meant<T extends Named>(candidates: readonly T[], typed: string): T | undefined {
  const key = nameKey(typed);
  const exact = named(candidates, typed);
  if (exact !== undefined) return exact;
  const byAlias = candidates.filter(({ persona }) => persona.aliases.some((alias) => nameKey(alias) === key));
  const byWord = candidates.filter(({ persona }) => nameKey(persona.name).split(' ').includes(key));
  return [byAlias, byWord].find((found) => found.length === 1)?.[0];
}

function unknownNpc(typed: string, candidates: readonly Named[]): Refusal {
  const nearest = nearestName(typed, namesOf(candidates));
  const meantToo = nearest === undefined ? '/npc list shows whom you have.' : `Did you mean ${nearest}?`;
  return new Refusal(`There is no NPC called “${typed}” here. ${meantToo}`);
}

/** The persona may be there and its file broken: that is the thing to say. */
function brokenFileOf(typed: string, faults: readonly PersonaFileFault[]): Refusal | undefined {
  const key = nameKey(typed).replace(/ /gu, '-');
  const fault = faults.find(({ file }) => file.toLowerCase().startsWith(key));
  return fault && new Refusal(`personas/${fault.file} cannot be read, line ${fault.line}: ${fault.reason}`);
}
