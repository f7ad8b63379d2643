import { createHmac } from 'node:crypto';
import { type Fields, fieldsOf } from './fields.ts';
import { ACK_WITHIN_IN_MS, type Outcome, type Parcel, type Transport } from './transport.ts';

/** How a request is signed; tests send wrong ones too. */
export interface Signing {
  readonly secret?: string;
  /** Seconds by which its time lies in the past. */
  readonly agedInS?: number;
  /** Header names to leave out. */
  readonly without?: readonly string[];
}

/** HTTP mode: signed requests to the one address that the app gave. */
export class HttpMode implements Transport {
  /** The app's address for everything: `https://…/slack/events`. */
  url = '';
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  async send(parcel: Parcel): Promise<Outcome> {
    const { body, type } = encode(parcel);
    const headers: Record<string, string> =
      parcel.retry === undefined
        ? {}
        : {
            'x-slack-retry-num': String(parcel.retry.number),
            'x-slack-retry-reason': parcel.retry.reason,
          };
    const stop = AbortSignal.timeout(ACK_WITHIN_IN_MS);
    try {
      const response = await this.post(body, type, { headers, signal: stop });
      const text = await response.text();
      return {
        isOk: response.ok,
        body: parsed(text),
        isLast: response.headers.get('x-slack-no-retry') === '1',
      };
    } catch {
      return stop.aborted ? 'late' : 'unreachable';
    }
  }

  /** Sends any body, signed as asked. */
  post(
    body: string,
    type: string,
    options: {
      readonly signing?: Signing;
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Response> {
    const { secret = this.#secret, agedInS = 0, without = [] } = options.signing ?? {};
    const time = String(Math.floor(Date.now() / 1000) - agedInS);
    const hash = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
    const signed: Record<string, string> = {
      'content-type': type,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${hash}`,
      ...options.headers,
    };
    const headers = Object.fromEntries(Object.entries(signed).filter(([name]) => !without.includes(name)));
    return fetch(this.url, {
      method: 'POST',
      headers,
      body,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  /** What Slack asks of an address when it is entered: to send back a challenge. */
  async verify(): Promise<boolean> {
    const challenge = 'a-challenge-of-the-stand-in';
    const body = JSON.stringify({ type: 'url_verification', token: 'verification', challenge });
    const response = await this.post(body, 'application/json');
    const text = await response.text();
    return response.ok && (text === challenge || parsed(text).challenge === challenge);
  }
}

export function encode({ type, payload }: Pick<Parcel, 'type' | 'payload'>): {
  readonly body: string;
  readonly type: string;
} {
  if (type === 'events_api') return { body: JSON.stringify(payload), type: 'application/json' };
  const form =
    type === 'interactive'
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
  return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
}

function parsed(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return text === '' ? {} : { text };
  }
}
