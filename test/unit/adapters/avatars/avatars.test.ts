import { once } from 'node:events';
import { createServer } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { avatarAddress } from '#src/adapters/avatars/avatar-address.ts';
import { avatarRoute } from '#src/adapters/avatars/avatar-route.ts';
import { INK, LOOKS, PALETTES } from '#src/adapters/avatars/drawing.ts';
import { areInitials, initialsOf } from '#src/adapters/avatars/initials.ts';
import { paint } from '#src/adapters/avatars/painter.ts';
import { fileOf, portraitIn, portraitOf } from '#src/adapters/avatars/portrait.ts';
import { recordingLog } from '../../../support/recording-log.ts';

describe('initials', () => {
  it.each([
    ['Hroon', 'H'],
    ['Wenna Tarrow', 'WT'],
    ['  sister   marrow ', 'SM'],
    ['Two-Hats Fesk', 'TF'],
    ['Ann of the Hill', 'AH'],
    ['"Quill"', 'Q'],
    ['Number 7', 'N7'],
    ['éowyn ñuñez', 'ÉÑ'],
    ['Йорик жданов', 'ЙЖ'],
    ['Αλέξανδρος ωμέγας', 'ΑΩ'],
    ['ßeth', 'S'],
    ['ạnh', 'A'],
    ['ÿ', 'Ÿ'],
    ['漢字', ''],
    ['漢 Bo', 'B'],
    ['علي', ''],
    ['🎲', ''],
    ['', ''],
  ])('of %j are %j', (name, expected) => {
    expect(initialsOf(name).join('')).toBe(expected);
  });

  it('are always ones that can be drawn, whatever the name', () => {
    const names = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(fc.property(names, (name) => areInitials(initialsOf(name))));
  });

  it('of a name without end are found at once', () => {
    expect(initialsOf(`Ann ${'b '.repeat(1_000_000)}`)).toEqual(['A', 'B']);
  });
});

describe('the file of a picture', () => {
  const anybody = fc.record({ id: fc.uuid(), name: fc.string({ unit: 'grapheme' }) });

  it('says all that the picture depends on', () => {
    fc.assert(
      fc.property(anybody, (npc) => {
        const portrait = portraitOf(npc);
        const file = fileOf(portrait);
        expect(file).toMatch(/^[\w.-]{1,24}\.png$/);
        expect(portraitIn(file)).toEqual(portrait);
      }),
    );
  });

  it('has no other spelling', () => {
    const { look, initials } = { look: 7, initials: ['H', 'R'] };
    expect(portraitIn('1-7-48.52.png')).toEqual({ look, initials });
    const others = [
      '1-07-48.52.png',
      '2-7-48.52.png',
      '1-7-048.52.png',
      '1-7-48.52.',
      '1-7-48..52.png',
      '1-7-48.52.53.png',
      '1-7-68.png',
      '1-7-6f22.png',
      '1-7-3c.png',
      '1-7-.png',
      '1-7-10048.png',
      `1-${LOOKS}-48.png`,
      '1--48.png',
      '../1-7-48.png',
      '1-7-48.png/',
      '1-7-48.PNG',
      '',
    ];
    for (const file of others) expect([file, portraitIn(file)]).toEqual([file, undefined]);
  });

  it('is never found in what strangers make up, unless it is the file of a picture', () => {
    const made = fc.stringMatching(/^\d{1,2}-\d{0,4}-?[\da-f.]{0,12}\.png$/);
    fc.assert(
      fc.property(made, (file) => {
        const portrait = portraitIn(file);
        if (portrait !== undefined) expect(fileOf(portrait)).toBe(file);
      }),
    );
  });

  it('keeps the colours of an NPC that takes another name', () => {
    const [before, after] = ['Hroon', 'Mira'].map((name) => portraitOf({ id: 'one', name }));
    expect(before?.look).toBe(after?.look);
    expect(before?.initials).not.toEqual(after?.initials);
  });

  it('spreads NPCs over the looks', () => {
    const looks = Array.from({ length: 2_000 }, (_, id) => portraitOf({ id: String(id), name: 'A' }).look);
    expect(new Set(looks).size).toBe(LOOKS);
  });
});

describe('a picture', () => {
  it('is a PNG of 256 by 256, the same bytes each time', async () => {
    const portrait = { look: 5, initials: ['W', 'T'] };
    const [one, two] = [Buffer.from(await paint(portrait)), Buffer.from(await paint(portrait))];
    expect(one.equals(two)).toBe(true);
    expect(one.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
    expect([one.readUInt32BE(16), one.readUInt32BE(20)]).toEqual([256, 256]);
    expect(one.length).toBeLessThan(50_000);
  });

  it('differs with the colours, the pattern and the letters', async () => {
    const looks = [0, 1, PALETTES.length];
    const pictures = await Promise.all([
      ...looks.map((look) => paint({ look, initials: ['A'] })),
      paint({ look: 0, initials: ['B'] }),
      paint({ look: 0, initials: ['A', 'B'] }),
      paint({ look: 0, initials: ['B', 'A'] }),
      paint({ look: 0, initials: [] }),
    ]);
    expect(new Set(pictures.map((picture) => Buffer.from(picture).toString('base64'))).size).toBe(7);
  });

  it('has a letter of its own for all that may stand in it', async () => {
    const all = Array.from({ length: 0x500 }, (_, code) => String.fromCodePoint(code));
    const drawable = all.filter((letter) => areInitials([letter]));
    expect(drawable.length).toBeGreaterThan(200);
    // What the font lacks would all look alike, as this does.
    const missing = Buffer.from(await paint({ look: 0, initials: ['\ue000'] })).toString('base64');
    expect(Buffer.from(await paint({ look: 0, initials: ['漢'] })).toString('base64')).toBe(missing);
    const blank: string[] = [];
    for (const letter of drawable) {
      const picture = Buffer.from(await paint({ look: 0, initials: [letter] })).toString('base64');
      if (picture === missing) blank.push(letter);
    }
    expect(blank).toEqual([]);
  });

  it('has letters that stand out from every ground', () => {
    for (const { light, dark } of PALETTES)
      for (const ground of [light, dark]) expect(contrast(INK, ground)).toBeGreaterThan(4.5);
  });
});

/** As WCAG 2.2 defines it. */
function contrast(one: string, two: string): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(two)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the address of a picture', () => {
  const npc = { id: 'one', name: 'Hroon', avatar: '' };
  const drawn = `/avatars/${fileOf(portraitOf(npc))}`;

  it('is ours where the sheet names none', () => {
    expect(avatarAddress('https://game.example/npcs')(npc)).toBe(`https://game.example/npcs${drawn}`);
  });

  it('is the one that the sheet names', () => {
    const avatar = 'https://pictures.example/hroon.png?v=2';
    expect(avatarAddress('https://game.example')({ ...npc, avatar })).toBe(avatar);
    expect(avatarAddress(undefined)({ ...npc, avatar })).toBe(avatar);
  });

  it.each([
    'http://pictures.example/hroon.png',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://me:secret@pictures.example/hroon.png',
    `https://pictures.example/${'x'.repeat(2000)}`,
    'hroon.png',
  ])('is ours where the sheet names %s', (avatar) => {
    expect(avatarAddress('https://game.example')({ ...npc, avatar })).toBe(`https://game.example${drawn}`);
    expect(avatarAddress(undefined)({ ...npc, avatar })).toBeUndefined();
  });

  it('is none without one of ours that platforms can reach', () => {
    expect(avatarAddress(undefined)(npc)).toBeUndefined();
    expect(avatarAddress('http://localhost:8787')(npc)).toBeUndefined();
  });
});

describe('the route of the pictures', () => {
  async function open() {
    const clock = { at: 0, now: () => clock.at };
    const { log, entries } = recordingLog();
    const route = avatarRoute({ clock, log });
    const server = createServer((request, response) => route.handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
    const ask = (file: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${address.port}/avatars/${file}`, init);
    return { ask, clock, entries };
  }
  const hroon = fileOf(portraitOf({ id: 'one', name: 'Hroon' }));
  const manyFiles = Array.from({ length: 60 }, (_, look) => `1-${look}-48.52.png`);

  it('gives the picture, to be kept for good', async () => {
    const { ask } = await open();
    const response = await ask(hroon);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const body = Buffer.from(await response.arrayBuffer());
    expect(body.equals(Buffer.from(await paint(portraitOf({ id: 'one', name: 'Hroon' }))))).toBe(true);
    expect(Number(response.headers.get('content-length'))).toBe(body.length);
    const again = await ask(`${hroon}?size=128`);
    expect(again.headers.get('etag')).toBe(response.headers.get('etag'));
  });

  it('gives its headers alone to HEAD', async () => {
    const { ask } = await open();
    const response = await ask(hroon, { method: 'HEAD' });
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000);
    expect(await response.text()).toBe('');
  });

  it('gives nothing to whoever has the picture', async () => {
    const { ask } = await open();
    const etag = (await ask(hroon)).headers.get('etag') ?? '';
    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
      expect((await ask(hroon, { headers: { 'if-none-match': tags } })).status).toBe(304);
    expect((await ask(hroon, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('knows no other files and no other methods', async () => {
    const { ask } = await open();
    expect((await ask('1-9999.png')).status).toBe(404);
    expect((await ask('')).status).toBe(404);
    const posted = await ask(hroon, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('draws no more in a second than it can, whoever asks, and says when to ask again', async () => {
    const { ask, clock } = await open();
    const statuses = await Promise.all(manyFiles.map(async (file) => (await ask(file)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(40);
    const refused = manyFiles[statuses.indexOf(503)] ?? '';
    const answer = await ask(refused);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
    // What is kept costs nothing.
    expect((await ask(manyFiles[statuses.indexOf(200)] ?? '')).status).toBe(200);
    clock.at = 1000;
    expect((await ask(refused)).status).toBe(200);
  });

  it('draws a picture once for all who ask at the same time', async () => {
    const { ask } = await open();
    const statuses = await Promise.all(Array.from({ length: 60 }, async () => (await ask(hroon)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
