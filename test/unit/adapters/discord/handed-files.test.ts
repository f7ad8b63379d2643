import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApplicationCommandOptionType } from 'discord.js';
import { afterEach, expect, it } from 'vitest';
import { handedFiles } from '#src/adapters/discord/handed-files.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serving(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

function given(url: string, size: number) {
  const attachment = { id: '1', filename: 'world.md', size, url, proxy_url: url } as const;
  const option = { name: 'file', type: ApplicationCommandOptionType.Attachment, value: '1' } as const;
  const text = { name: 'title', type: ApplicationCommandOptionType.String, value: 'World' } as const;
  const type = ApplicationCommandOptionType.Subcommand as const;
  const add = { name: 'add', type, options: [text, option] };
  const files = handedFiles({ options: [add], resolved: { attachments: { 1: attachment } } });
  const file = files.get('file');
  if (file === undefined) throw new Error('no file');
  return { file, count: files.size };
}

it('are read from where Discord keeps them, when they are asked for', async () => {
  const { file, count } = given(await serving(200, '# Toll'), 6);
  expect([count, file.name, file.sizeInBytes]).toEqual([1, 'world.md', 6]);
  expect(new TextDecoder().decode(await file.read())).toBe('# Toll');
});

it('are refused where they are gone, or more than was announced', async () => {
  await expect(given(await serving(404, ''), 6).file.read()).rejects.toThrow('could not be fetched');
  await expect(given(await serving(200, '# Tolls'), 6).file.read()).rejects.toThrow('could not be fetched');
  await expect(given('http://127.0.0.1:1/', 6).file.read()).rejects.toThrow('could not be fetched');
});

it('are none where none was handed in', () => {
  expect(handedFiles({}).size).toBe(0);
  const option = { name: 'file', type: ApplicationCommandOptionType.Attachment, value: '1' } as const;
  expect(handedFiles({ options: [option] }).size).toBe(0);
});
