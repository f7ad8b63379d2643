import {
  type APIApplicationCommandInteractionDataOption,
  type APIAttachment,
  type APIInteractionDataResolved,
  ApplicationCommandOptionType,
} from 'discord.js';
import { fetchFile } from '#src/chat/fetch-file.ts';
import type { HandedFile } from '#src/core/documents.ts';
import { Refusal } from '#src/core/errors.ts';

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
    return await fetchFile(url, { mostBytes: sizeInBytes });
  } catch (cause) {
    throw new Refusal('That file could not be fetched from Discord. Hand it in again.', { cause });
  }
}
