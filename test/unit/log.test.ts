import { describe, expect, it } from 'vitest';
import { ModelError, Refusal } from '#src/core/errors.ts';
import { openLog } from '#src/log.ts';

/** A log that writes into `lines`. */
function logTo(
  lines: string[],
  { level = 'debug', secrets = [] }: Partial<Parameters<typeof openLog>[0]> = {},
) {
  return openLog({ level, secrets, destination: { write: (line) => void lines.push(line) } });
}

/** What one event becomes. */
function written(
  write: (log: ReturnType<typeof openLog>) => void,
  options?: Parameters<typeof logTo>[1],
): Record<string, unknown> {
  const lines: string[] = [];
  write(logTo(lines, options));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

describe('a log', () => {
  it('writes one object a line with time, level and details', () => {
    const line = written((log) => log.info('A scene was opened.', { sceneId: 's1', npcs: 3, isNew: true }));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      sceneId: 's1',
      npcs: 3,
      isNew: true,
      msg: 'A scene was opened.',
    });
  });

  it('keeps to its level', () => {
    const lines: string[] = [];
    const log = logTo(lines, { level: 'warn' });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('An event.');
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'error']);
  });

  it('is silent where it shall be', () => {
    const lines: string[] = [];
    logTo(lines, { level: 'silent' }).error('An event.');
    expect(lines).toEqual([]);
  });

  it('goes to standard error unless told otherwise', () => {
    expect(() => openLog({ level: 'silent', secrets: [] }).info('An event.')).not.toThrow();
  });
});

describe('what a log hides', () => {
  it('known secrets, wherever they stand', () => {
    const error = new Error('asked with hunter22-hunter22', { cause: new Error('hunter22-hunter22') });
    const line = written(
      (log) => log.error('About hunter22-hunter22.', { address: 'x/hunter22-hunter22' }, error),
      {
        secrets: ['hunter22-hunter22'],
      },
    );
    expect(JSON.stringify(line)).not.toContain('hunter22');
    expect(line.address).toBe('x/[hidden]');
  });

  it('no short word that stands for a key, which may be part of anything', () => {
    expect(written((log) => log.info('Ollama.', { host: 'ollama' }), { secrets: ['ollama'] }).host).toBe(
      'ollama',
    );
  });

  it.each([
    ['Bearer abc.def', '[hidden]'],
    ['key sk-abcdefgh12345 was', 'key [hidden] was'],
    ['given xoxb-1-2-abc and xapp-1-A-2 there', 'given [hidden] and [hidden] there'],
    ['redis://:hush@host:6379', 'redis://[hidden]host:6379'],
    ['https://host/v1', 'https://host/v1'],
  ])('what looks like a secret: %s', (value, shown) => {
    expect(written((log) => log.info('An event.', { cause: value })).cause).toBe(shown);
  });

  it.each(['text', 'lineText', 'apiKey', 'API_KEY', 'bot_token', 'prompt', 'message', 'authorization'])(
    'texts under the name %s',
    (name) => {
      expect(written((log) => log.info('An event.', { [name]: 'Meet me at the docks' }))[name]).toBe(
        '[hidden]',
      );
    },
  );

  it('no numbers and ids, whatever their name ends in', () => {
    const details = { outputToken: 12, messageId: 'm1', tokens: 'o200k' };
    expect(written((log) => log.info('An event.', details))).toMatchObject(details);
  });

  it('the end of long texts', () => {
    const line = written((log) => log.info('An event.', { path: 'x'.repeat(1000) }));
    expect(line.path).toBe(`${'x'.repeat(300)}…`);
  });
});

describe('errors in a log', () => {
  const errorIn = (error: unknown): unknown => written((log) => log.error('It failed.', {}, error)).error;

  it('have type, message, codes and frames', () => {
    expect(
      errorIn(Object.assign(new TypeError('no such file'), { code: 'ENOENT', syscall: 'open' })),
    ).toEqual({
      type: 'TypeError',
      message: 'no such file',
      code: 'ENOENT',
      syscall: 'open',
      frames: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
    });
  });

  it('have their kind and model where a model failed', () => {
    const told = { type: 'ModelError', kind: 'timeout', model: 'big', message: 'first token after 20 s' };
    expect(errorIn(new ModelError('timeout', 'big', 'first token after 20 s'))).toMatchObject(told);
  });

  it('have no headers, requests, bodies or whatever else they carry', () => {
    const error = Object.assign(new Error('failed'), {
      headers: { authorization: 'hush' },
      request: { body: 'hush' },
      response: 'hush',
      body: 'hush',
      error: { message: 'hush' },
      code: { hush: true },
    });
    expect(JSON.stringify(errorIn(error))).not.toContain('hush');
  });

  it.each<[string, Error]>([
    ['a parser', new SyntaxError('Unexpected token, "hush" is not valid JSON')],
    ['a refusal', new Refusal('There is no NPC called "hush".')],
    ['a server', Object.assign(new Error('400 invalid content: "hush"'), { status: 400 })],
  ])('have no message where %s may quote what was said', (_, error) => {
    expect(JSON.stringify(errorIn(error))).not.toContain('hush');
    expect(JSON.stringify(errorIn(new Error('failed', { cause: error })))).not.toContain('hush');
  });

  it('have only the first line of a message, also where the rest looks like frames', () => {
    const error = new Error('Line 3 is wrong\n\n    at hush: ^\n    at hush');
    expect(JSON.stringify(errorIn(error))).not.toContain('hush');
  });

  it('have their causes, to a depth', () => {
    const chain = Array.from({ length: 9 }).reduce<Error>(
      (cause, _, index) => new Error(`${index}`, { cause }),
      new Error('root'),
    );
    const told = JSON.stringify(errorIn(chain));
    expect(told).toContain('"message":"5"');
    expect(told).not.toContain('"message":"4"');
  });

  it('have what was collected in them', () => {
    const collected = new AggregateError([new Error('one'), 'hush'], 'all failed');
    expect(errorIn(collected)).toMatchObject({ errors: [{ message: 'one' }, { type: 'string' }] });
  });

  it('are nothing but a type where a bare value was thrown', () => {
    expect(errorIn('hush')).toEqual({ type: 'string' });
  });

  it('may lead back to themselves', () => {
    const error = new Error('round');
    error.cause = error;
    expect(errorIn(error)).toMatchObject({ cause: { message: 'round' } });
  });
});
