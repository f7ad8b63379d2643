import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Line, Npc } from '#src/core/entities.ts';
import type { LineStore } from '#src/core/store.ts';
import { addressed } from '#src/scene/addressing.ts';
import { whoIsMeant } from '#src/scene/who-is-meant.ts';
import { persona } from '../../contract/store-samples.ts';

const npc: Npc = {
  id: 'tilda',
  campaignId: 'campaign',
  persona: persona('Tilda Marsh'),
  version: 1,
  status: 'kept',
  cast: undefined,
  locks: [],
  sourceFile: undefined,
  createdAtInMs: 0,
};

const words = fc.oneof(fc.string(), fc.constantFrom('Tilda', 'Bram', ', ', ': ', 'is', 'you', '. ', 'hey '));
const anyText = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(''));

it('needs nothing but the line where one NPC alone is here: whatever is said to us is for that one', async () => {
  const partners = fc.constantFrom(undefined, 'tilda', 'somebody who left');
  await fc.assert(
    fc.asyncProperty(anyText, partners, async (text, partner) => {
      const { name, aliases } = npc.persona;
      const heard = { text, isDirect: true, replyTo: 'a line' } as Line & { isDirect: boolean };
      const unread = {} as LineStore;
      const recent = () => Promise.reject(new Error('The lines before were read.'));
      expect(addressed(text, [{ id: npc.id, name, aliases }], partner)).toEqual([npc.id]);
      expect(await whoIsMeant(unread, heard, [npc], recent)).toEqual([npc.id]);
      expect(await whoIsMeant(unread, heard, [], recent)).toEqual([]);
    }),
  );
});
