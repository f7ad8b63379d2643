import { BrokenAnswer } from './failure.ts';

/** A server that sends more than this without ending the event has run away. */
const MAX_EVENT_IN_CHARACTERS = 1_048_576;

/**
 * The data of each server-sent event. The body is read to its very end, also behind the last event, so that its
 * connection can be used again.
 * @throws BrokenAnswer where an event does not end.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let pending = '';
  let data: string[] = [];
  for await (const bytes of body) {
    pending += decoder.decode(bytes, { stream: true });
    if (pending.length > MAX_EVENT_IN_CHARACTERS) throw new BrokenAnswer('an event that does not end');
    // A carriage return at the very end may be half of a line's end: it waits for what follows.
    const lines = pending.split(/\r\n|\n|\r(?!$)/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
      } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
  // Some servers leave out the empty line behind the last event.
  if (pending.startsWith('data:')) data.push(pending.slice(5).trim());
  if (data.length > 0) yield data.join('\n');
}
