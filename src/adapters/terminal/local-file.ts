import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { CommandDeclaration } from '#src/core/command.ts';
import type { HandedFile } from '#src/core/documents.ts';
import { Refusal } from '#src/core/errors.ts';
import { plainLine } from './plain-text.ts';

/**
 * The files that a typed command hands in: at the local table an option for a file holds its path on this machine.
 * @throws Refusal where one of them cannot be read.
 */
export async function filesOf(
  declaration: CommandDeclaration | undefined,
  options: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, HandedFile>> {
  const files = new Map<string, HandedFile>();
  for (const [name, spec] of Object.entries(declaration?.options ?? {})) {
    const path = options[name];
    if (spec.kind === 'file' && path !== undefined) files.set(name, await localFile(path));
  }
  return files;
}

async function localFile(typed: string): Promise<HandedFile> {
  const path = typed.startsWith('~/') ? join(homedir(), typed.slice(2)) : typed;
  try {
    await using file = await open(path);
    const stats = await file.stat();
    if (!stats.isFile()) throw new Refusal(`${shown(typed)} is no file. Give the path of one.`);
    const { size } = stats;
    return { name: basename(path), sizeInBytes: size, read: () => readWhole(path, typed, size) };
  } catch (error) {
    throw refusalFor(error, typed);
  }
}

/** No more than was promised, however the file has grown meanwhile. */
async function readWhole(path: string, typed: string, sizeInBytes: number): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(sizeInBytes), 0, sizeInBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw refusalFor(error, typed);
  }
}

function refusalFor(error: unknown, typed: string): unknown {
  if (error instanceof Refusal || !(error instanceof Error) || !('code' in error)) return error;
  const why = error.code === 'ENOENT' ? 'There is no file' : 'This program may not read';
  return new Refusal(`${why} ${shown(typed)}. Check its path.`, { cause: error });
}

function shown(typed: string): string {
  return `“${plainLine(typed).slice(0, 80)}”`;
}
