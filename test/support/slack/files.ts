import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fields } from './fields.ts';
import { textOf } from './fields.ts';
import type { Journal } from './journal.ts';
import { type Channel, type Member, newId, type Team } from './world.ts';

/** What somebody uploads; left out: an ordinary file of the size that it has. */
export interface Upload {
  readonly name: string | null;
  readonly bytes: Uint8Array | string;
  readonly mode?: 'hosted' | 'snippet' | 'external' | 'space' | 'quip' | 'hidden_by_limit';
  readonly filetype?: string;
  readonly mimetype?: string;
  /** What Slack says of it. */
  readonly size?: number;
  /** It comes from a workspace that shares the channel: events name its id alone. */
  readonly isOfConnect?: boolean;
  /** Where Slack says that it lies. */
  readonly address?: string;
  /** Answers whoever fetches it, in place of its bytes. */
  readonly answer?: (response: ServerResponse) => void;
}

export interface StoredFile {
  readonly id: string;
  readonly team: Team;
  readonly owner: Member;
  readonly upload: Upload;
  readonly bytes: Buffer;
  /** Where it was shown. */
  readonly channels: Set<Channel>;
  /** It came to the app in one of its forms. */
  isInForm: boolean;
  isDeleted: boolean;
}

/** The kinds of files by what their names end in; everything else is binary to Slack. */
const KINDS: Readonly<Record<string, readonly [filetype: string, mimetype: string]>> = {
  txt: ['text', 'text/plain'],
  md: ['markdown', 'text/plain'],
  pdf: ['pdf', 'application/pdf'],
  json: ['json', 'text/plain'],
  html: ['html', 'text/html'],
  png: ['png', 'image/png'],
};

/** The files of all workspaces, and the server that hands them out. */
export class FileShelf {
  readonly #files = new Map<string, StoredFile>();
  readonly #journal: Journal;
  /** Base URL without a slash at its end. */
  readonly #url: () => string;

  constructor(journal: Journal, url: () => string) {
    this.#journal = journal;
    this.#url = url;
  }

  add(owner: Member, upload: Upload): StoredFile {
    const file: StoredFile = {
      id: newId('F'),
      team: owner.team,
      owner,
      upload,
      bytes: Buffer.from(upload.bytes),
      channels: new Set(),
      isInForm: false,
      isDeleted: false,
    };
    this.#files.set(file.id, file);
    return file;
  }

  byId(id: string): StoredFile | undefined {
    return this.#files.get(id);
  }

  /** Whether an app in that workspace may see it. */
  isVisible(file: StoredFile, team: Team): boolean {
    const isShown = [...file.channels].some((channel) => channel.members.has(team.bot.id));
    return file.team === team && (isShown || file.isInForm);
  }

  /** As `files.info` and forms tell of it. */
  fields(file: StoredFile): Fields {
    const { id, owner, team, upload, bytes } = file;
    const { name, mode = 'hosted', size = bytes.length } = upload;
    const [filetype, mimetype] = kindOf(name ?? '');
    const isExternal = mode === 'external';
    const address = upload.address ?? `${this.#url()}/files-pri/${team.id}-${id}/download/${name ?? 'file'}`;
    return {
      id,
      created: 1_700_000_000,
      timestamp: 1_700_000_000,
      name,
      title: name ?? 'Untitled',
      mimetype: upload.mimetype ?? mimetype,
      filetype: upload.filetype ?? filetype,
      pretty_type: filetype,
      user: owner.id,
      user_team: team.id,
      editable: mode === 'snippet',
      size: isExternal ? 0 : size,
      mode,
      is_external: isExternal,
      external_type: isExternal ? 'gdrive' : '',
      is_public: false,
      public_url_shared: false,
      file_access: 'visible',
      channels: [...file.channels].map((channel) => channel.id),
      ...(mode === 'hidden_by_limit'
        ? {}
        : { url_private: address.replace('/download/', '/'), url_private_download: address }),
    };
  }

  /** As events tell of it. */
  eventFields(file: StoredFile): Fields {
    if (file.upload.isOfConnect !== true) return this.fields(file);
    const { id, owner } = file;
    return {
      id,
      created: 1_700_000_000,
      user: owner.id,
      mode: 'file_access',
      file_access: 'check_file_info',
    };
  }

  /** `GET /files-pri/TEAM-FILE/download/NAME`: for a token of that workspace with the scope; all others see the login. */
  serve(key: string, request: IncomingMessage, response: ServerResponse): void {
    const [teamId = '', fileId = ''] = key.split('-');
    const file = this.#files.get(fileId);
    const token = textOf(request.headers.authorization).replace(/^Bearer /, '');
    const mayRead =
      file !== undefined &&
      file.team.id === teamId &&
      file.team.token === token &&
      file.team.tokenFault === undefined &&
      file.team.scopes.has('files:read') &&
      this.isVisible(file, file.team);
    if (!mayRead) {
      response.writeHead(302, { location: `${this.#url()}/signin?redir=${encodeURIComponent(key)}` }).end();
      return;
    }
    if (file.isDeleted) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('gone');
      return;
    }
    if (file.upload.answer !== undefined) {
      file.upload.answer(response);
      return;
    }
    const mimetype = textOf(this.fields(file).mimetype);
    response.writeHead(200, { 'content-type': mimetype, 'content-disposition': 'attachment' });
    response.end(file.bytes);
  }

  /** The page on which people sign in: no token has any business there. */
  signIn(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.authorization !== undefined)
      this.#journal.violate('token', 'signin', 'the token was sent to a page that people sign in on');
    loginPage(response);
  }
}

/** What Slack answers instead of a file, with the status of a success. */
export function loginPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end('<!DOCTYPE html><html><body>Sign in to your workspace</body></html>');
}

export function endingOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

function kindOf(name: string): readonly [filetype: string, mimetype: string] {
  return KINDS[endingOf(name)] ?? ['binary', 'application/octet-stream'];
}
