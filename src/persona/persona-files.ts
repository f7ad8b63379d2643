import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { nameKey } from '#src/core/names.ts';
import type { Persona } from '#src/core/persona.ts';
import type { SheetFault } from './persona-yaml.ts';

/** A file in `personas/` that holds a persona. */
export interface PersonaFile {
  /** Its name in the folder: "tilda-marsh.yaml". */
  readonly file: string;
  readonly persona: Persona;
  /** Where its name stands, from 1. */
  readonly nameLine: number;
}

/** Why a file, or a place in it, gives no persona. */
export interface PersonaFileFault {
  readonly file: string;
  /** From 1; 1 where the whole file is meant. */
  readonly line: number;
  readonly reason: string;
}

/** Bytes of one file; the fullest sheet that the schema takes has about a quarter of it. */
/** A file of the folder itself; hidden ones are an editor's affair. */
const PERSONA_FILE = /^[^./\\][^/\\]*\.ya?ml$/iu;
const FILE_LIMIT_IN_BYTES = 256 * 1024;

/** What a file was when it was read: it is read again once this differs. */
interface Stamp {
  readonly mtimeMs: number;
  readonly size: number;
}

type Reading = Omit<PersonaFile, 'file'> | { readonly faults: readonly SheetFault[] };

/**
 * The personas in a folder, one YAML file each. Every use looks at the folder, so an edited file is live on its next
 * use and a deleted one is gone; only what a file said is cached, bound to its modification time and size. A file that
 * cannot be used is a fault and takes no other with it.
 */
export class PersonaFiles {
  readonly #directory: string;
  readonly #readings: LRUCache<string, { readonly stamp: Stamp; readonly reading: Reading }>;
  #hits = 0;
  #misses = 0;

  /** @param cacheSize files whose reading is kept; further ones are read on each use. */
  constructor({ directory, cacheSize = 128 }: { readonly directory: string; readonly cacheSize?: number }) {
    this.#directory = directory;
    this.#readings = new LRUCache({ max: cacheSize });
  }

  /** All personas of the folder by file name, and what is wrong with the other files. */
  async list(): Promise<{
    readonly personas: readonly PersonaFile[];
    readonly faults: readonly PersonaFileFault[];
  }> {
    const files = await this.#fileNames();
    if (!Array.isArray(files)) return { personas: [], faults: [files] };
    for (const file of this.#readings.keys()) if (!files.includes(file)) this.#readings.delete(file);

    const personas: PersonaFile[] = [];
    const faults: PersonaFileFault[] = [];
    const fileOfName = new Map<string, string>();
    for (const file of files) {
      const reading = await this.#read(file);
      if ('faults' in reading) {
        faults.push(...reading.faults.map((fault) => ({ file, ...fault })));
        continue;
      }
      const { persona, nameLine } = reading;
      const key = nameKey(persona.name);
      const other = fileOfName.get(key);
      if (other === undefined) {
        fileOfName.set(key, file);
        personas.push({ file, persona, nameLine });
      } else {
        const reason = `The name "${persona.name}" is already that of ${other}: give one of them another name.`;
        faults.push({ file, line: nameLine, reason });
      }
    }
    return { personas, faults };
  }

  /** One file of the folder, without a look at the others; undefined where it is gone or gives no persona. */
  async one(file: string): Promise<PersonaFile | undefined> {
    const reading = await this.#read(file);
    return 'persona' in reading ? { file, ...reading } : undefined;
  }

  /** How the cache has done since the start. */
  figures(): { readonly hits: number; readonly misses: number; readonly entries: number } {
    return { hits: this.#hits, misses: this.#misses, entries: this.#readings.size };
  }

  /** YAML files by name; hidden ones are an editor's affair. */
  async #fileNames(): Promise<string[] | PersonaFileFault> {
    try {
      const names = await readdir(this.#directory);
      return names.filter((name) => PERSONA_FILE.test(name)).sort();
    } catch (error) {
      const reason = `The folder of personas cannot be read (${codeOf(error)}).`;
      return { file: basename(this.#directory), line: 1, reason };
    }
  }

  async #read(file: string): Promise<Reading> {
    if (!PERSONA_FILE.test(file)) return wholeFile('This is no file of the folder of personas.');
    const path = join(this.#directory, file);
    try {
      const found = await lstat(path);
      if (!found.isFile())
        return wholeFile('This is no plain file (a link or a folder): put the file itself here.');
      const cached = this.#readings.get(file);
      if (cached?.stamp.mtimeMs === found.mtimeMs && cached.stamp.size === found.size) {
        this.#hits += 1;
        return cached.reading;
      }
      this.#misses += 1;
      const { stamp, bytes } = await readBounded(path);
      const reading = await readingOf(bytes);
      this.#readings.set(file, { stamp, reading });
      return reading;
    } catch (error) {
      return wholeFile(`The file cannot be read (${codeOf(error)}).`);
    }
  }
}

/** The stamp is taken before the bytes: a file that changes meanwhile is read again on its next use. */
async function readBounded(
  path: string,
): Promise<{ readonly stamp: Stamp; readonly bytes: Buffer | undefined }> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mtimeMs, size } = await handle.stat();
    const stamp = { mtimeMs, size };
    return { stamp, bytes: size > FILE_LIMIT_IN_BYTES ? undefined : await handle.readFile() };
  } finally {
    await handle.close();
  }
}

async function readingOf(bytes: Buffer | undefined): Promise<Reading> {
  if (bytes === undefined)
    return wholeFile(
      `The file is larger than ${FILE_LIMIT_IN_BYTES / 1024} KiB: a persona is a page or two.`,
    );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return wholeFile('The file is not UTF-8 text: save it as UTF-8.');
  }
  // YAML and the schema are loaded with the first file, not with the process.
  const { readPersonaYaml } = await import('./persona-yaml.ts');
  return readPersonaYaml(text);
}

function wholeFile(reason: string): { readonly faults: readonly SheetFault[] } {
  return { faults: [{ line: 1, reason }] };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
}
