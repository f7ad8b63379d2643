import {
  type APIApplicationCommandInteractionDataOption,
  type APIAttachment,
  type APIInteractionDataResolved,
  ApplicationCommandOptionType,
} from 'discord.js';
import type { HandedFile } from '#src/core/documents.ts';
import { Refusal } from '#src/core/errors.ts';

const DOWNLOAD_LIMIT_IN_MS = 20_000;

interface CommandData {
  readonly options?: readonly APIApplicationCommandInteractionDataOption[];
  readonly resolved?: APIInteractionDataResolved;
}

/** The files that were handed in with a command, by option. They lie with Discord until they are read. */
export function handedFiles({ options = [], resolved }: CommandData): ReadonlyMap<string, HandedFile> {
  const [first] = options;
  if (
    first?.type === ApplicationCommandOptionType.Subcommand ||
    first?.type === ApplicationCommandOptionType.SubcommandGroup
  ) {
    return handedFiles({
      ...(first.options === undefined ? {} : { options: first.options }),
      ...(resolved === undefined ? {} : { resolved }),
    });
  }
  const files = new Map<string, HandedFile>();
  for (const option of options) {
    if (option.type !== ApplicationCommandOptionType.Attachment) continue;
    const attachment = resolved?.attachments?.[option.value];
    if (attachment !== undefined) files.set(option.name, handedFile(attachment));
  }
  return files;
}

function handedFile({ filename, size, url }: Pick<APIAttachment, 'filename' | 'size' | 'url'>): HandedFile {
  return { name: filename, sizeInBytes: size, read: () => download(url, size) };
}

/** No more than was announced, however much comes. */
async function download(url: string, sizeInBytes: number): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_LIMIT_IN_MS) });
    if (!response.ok || response.body === null)
      throw new Error(`the file was answered with ${response.status}`);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > sizeInBytes) throw new Error('the file is larger than Discord said');
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new Refusal('That file could not be fetched from Discord. Hand it in again.', { cause });
  }
}
