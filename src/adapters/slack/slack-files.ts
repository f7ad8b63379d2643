import type { webApi } from '@slack/bolt';
import { fetchFile } from '#src/chat/fetch-file.ts';
import { type HandedFile, MAX_FILE_IN_BYTES, refuseTooLarge } from '#src/core/documents.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { SharedFile } from './incoming-text.ts';
import { FILES_SCOPE } from './scopes.ts';
import type { SlackApi } from './slack-api.ts';
import { FILE_GONE, MissingScope } from './slack-errors.ts';

/** Where Slack keeps files. */
const FILES_ORIGIN = 'https://files.slack.com';
/** What Slack calls the kinds of files whose bytes it hands out; of the others it hands out a page, or nothing. */
const READABLE = new Set([undefined, 'hosted', 'snippet']);
const OUTSIDE = new Set(['external', 'remote']);
const HIDDEN = new Set(['tombstone', 'hidden_by_limit']);
const DENIED = new Set(['access_denied', 'file_not_found']);

const LOGIN =
  'That file was not handed out: Slack asked for a login instead. Install the app again, then hand the file in again.';
const NOT_FETCHED = 'That file could not be fetched from Slack. Hand it in again.';

type SlackFile = NonNullable<webApi.FilesInfoResponse['file']>;

export interface FilesOptions {
  readonly api: Pick<SlackApi, 'file' | 'scopes'>;
  readonly token: string;
  readonly apiUrl: string | undefined;
  /** What the app was allowed when it was looked up; none where Slack did not say. */
  readonly scopes: readonly string[];
  readonly log: Log;
}

/**
 * The files that people hand in within one workspace. What an event tells of a file is taken for no more than its id: what
 * it is and where it lies is asked of Slack, with this workspace's own token, so that nobody's word leads to a file that
 * is not theirs to give. The token goes to Slack's own servers alone.
 */
export class SlackFiles {
  readonly #options: FilesOptions;
  readonly #origins: ReadonlySet<string>;
  #mayRead: boolean;

  constructor(options: FilesOptions) {
    this.#options = options;
    this.#origins = fileOrigins(options.apiUrl);
    this.#mayRead = options.scopes.length === 0 || options.scopes.includes(FILES_SCOPE);
  }

  /** Whether the app has the scope. Where it lacked it, Slack is asked anew: installed again, the app has it at once. */
  async mayRead(): Promise<boolean> {
    if (!this.#mayRead) this.#mayRead = (await this.#options.api.scopes()).includes(FILES_SCOPE);
    return this.#mayRead;
  }

  /** @throws Refusal where it is gone, not ours to see, no file that can be read, or too large; MissingScope. */
  async handed({ id }: SharedFile): Promise<HandedFile> {
    if (id === undefined || id === '') throw new Refusal(FILE_GONE);
    if (!(await this.mayRead())) throw new MissingScope(FILES_SCOPE);
    const file = await this.#options.api.file(id);
    refuseUnreadable(file);
    const { size = 0 } = file;
    refuseTooLarge(size);
    const address = this.#addressOf(file);
    return { name: nameOf(file), sizeInBytes: size, read: () => this.#download(address, file) };
  }

  #addressOf({ url_private_download: download, url_private: url }: SlackFile): URL {
    const address = URL.parse(download ?? url ?? '');
    if (address === null) throw new Refusal(NOT_FETCHED);
    if (!this.#origins.has(address.origin)) {
      this.#options.log.warn('Slack named an address for a file that is not its own; it was not fetched');
      throw new Refusal(
        'That file was not fetched: Slack named an address outside of Slack. Hand it in again, or paste the text.',
      );
    }
    return address;
  }

  async #download(address: URL, file: SlackFile): Promise<Uint8Array> {
    const { size = 0, mimetype } = file;
    const isPage = mimetype === 'text/html';
    try {
      const bytes = await fetchFile(address, {
        mostBytes: size || MAX_FILE_IN_BYTES,
        headers: { authorization: `Bearer ${this.#options.token}` },
        // Slack leads whoever may not read a file to its login; the token does not go along.
        redirect: 'manual',
        accept: (response) => acceptFile(response, isPage),
      });
      // A web page of another length than was handed in is Slack's own.
      if (isPage && bytes.byteLength !== size) throw new Refusal(LOGIN);
      return bytes;
    } catch (cause) {
      if (cause instanceof Refusal) throw cause;
      throw new Refusal(NOT_FETCHED, { cause });
    }
  }
}

function fileOrigins(apiUrl: string | undefined): ReadonlySet<string> {
  if (apiUrl === undefined) return new Set([FILES_ORIGIN]);
  const { origin, hostname } = new URL(apiUrl);
  return new Set([FILES_ORIGIN, origin, `https://files.${hostname}`]);
}

function refuseUnreadable({ mode, file_access: access = '', is_external: isExternal }: SlackFile): void {
  if (DENIED.has(access)) throw new Refusal(FILE_GONE);
  if (isExternal === true || OUTSIDE.has(mode ?? '')) {
    throw new Refusal(
      'That file lies outside of Slack, where Dramatis cannot read it. Download it, and hand in the file itself.',
    );
  }
  if (HIDDEN.has(mode ?? '')) throw new Refusal(FILE_GONE);
  if (READABLE.has(mode)) return;
  throw new Refusal(
    'That file is a page of Slack’s own, such as a canvas, a list, a post or an e-mail. Save it as a PDF, or paste its text.',
  );
}

/** @param isPage the file itself is a web page. */
function acceptFile({ ok, status, headers }: Response, isPage: boolean): void {
  const isHtml = /^text\/html\b/iu.test(headers.get('content-type') ?? '');
  const isElsewhere = status >= 300 && status < 400;
  if (isElsewhere || status === 401 || status === 403 || (ok && isHtml && !isPage)) throw new Refusal(LOGIN);
  if (status === 404 || status === 410) throw new Refusal(FILE_GONE);
  if (!ok) throw new Error(`the file was answered with ${status}`);
}

/** A snippet need have no ending: Slack says what it is. */
function nameOf({ name, title, filetype }: SlackFile): string {
  const known = [name, title].find((each) => each?.trim()) ?? 'file';
  return filetype === 'markdown' && !/\.\w{1,10}$/u.test(known) ? `${known}.md` : known;
}
