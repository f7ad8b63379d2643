import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { seeded } from '#src/adapters/improv/random.ts';
import { loadVoiceBook } from '#src/adapters/improv/voice/voice-book.ts';
import { book, persona, tables } from './fixtures.ts';

describe('the voice book', () => {
  it('has at least forty voices with a manner and tags', () => {
    expect(book.ids.length).toBeGreaterThanOrEqual(40);
    for (const id of book.ids) {
      expect(book.manner(id).length).toBeGreaterThan(30);
      expect(book.suits(id).length).toBeGreaterThan(0);
    }
  });

  it('suits every kind of person with several voices', () => {
    for (const tag of [
      'sea',
      'court',
      'criminal',
      'scholar',
      'folk',
      'martial',
      'holy',
      'trade',
      'young',
      'old',
      'grim',
      'merry',
    ])
      expect(book.ids.filter((id) => book.suits(id).includes(tag)).length, tag).toBeGreaterThanOrEqual(2);
  });

  it('gives no two voices the same words', () => {
    const seen = new Map<string, string>();
    for (const id of book.ids)
      for (const line of Object.values(book.voice(id)?.lines ?? {}).flat()) {
        expect(seen.get(line), line).toBeUndefined();
        seen.set(line, id);
      }
  });

  it('gives three different samples and a greeting, the same for the same seed', () => {
    for (const id of book.ids) {
      const samples = book.samples(id, persona(), seeded('x'));
      expect(new Set(samples).size, id).toBe(3);
      for (const text of [...samples, book.greeting(id, persona(), seeded('x'))]) {
        expect(text, id).toMatch(/[.!?]['"]?$/u);
        expect(text, id).not.toMatch(/[{}]/u);
      }
      expect(book.samples(id, persona(), seeded('x'))).toEqual(samples);
    }
  });

  it('refuses an id that it does not have', () => {
    expect(() => book.manner('nobody')).toThrow(RangeError);
    expect(book.voice('nobody')).toBeUndefined();
  });

  it('has bare lines of stopwords alone, so that no secret forbids them', () => {
    for (const line of book.speech.lines.bare) expect(book.ear.meaning(line).size, line).toBe(0);
  });

  it('names the file that is broken', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'voices-'));
    try {
      await cp(tables, folder, { recursive: true });
      await writeFile(path.join(folder, 'voices-folk.yaml'), '- id: half\n');
      await expect(loadVoiceBook(folder)).rejects.toThrow('voices-folk.yaml');
      await writeFile(path.join(folder, 'voices-folk.yaml'), await yamlOf('voices-road.yaml'));
      await expect(loadVoiceBook(folder)).rejects.toThrow('ids of their own');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function yamlOf(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path.join(tables, file), 'utf8');
}

it('tells no wish in the first sample line, which everybody sees', () => {
  const sheet = {
    name: 'Orla Finch',
    pronouns: 'she/her',
    role: 'barkeep',
    goals: ['Burn down the customs house'],
  };
  for (const id of book.ids)
    for (let index = 0; index < 40; index += 1)
      expect(book.samples(id, sheet, seeded(`${id}${index}`))[0], id).not.toMatch(/customs/u);
});
