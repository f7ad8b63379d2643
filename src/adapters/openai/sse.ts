import { BrokenAnswer } from './failure.ts';

/** A server that sends more than this without ending the event has run away. */
const MAX_EVENT_IN_CHARACTERS = 1_048_576;

const LINE_END = /[\r\n]/;

/**
 * The data of each server-sent event. The body is read to its very end, also behind the last event, so that its
 * connection can be used again.
 * @throws BrokenAnswer where an event does not end.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let pending = '';
  let data: string[] = [];
  let length = 0;
  let hasHalfLineEnd = false;
  for await (const bytes of body) {
    const text = decoder.decode(bytes, { stream: true });
    length += text.length;
    // A long line in small pieces is not searched again with each of them.
    if (!hasHalfLineEnd && !LINE_END.test(text)) pending += text;
    else {
      // A carriage return at the very end may be half of a line's end: it waits for what follows.
      const lines = (pending + text).split(/\r\n|\n|\r(?!$)/);
      pending = lines.pop() ?? '';
      hasHalfLineEnd = pending.endsWith('\r');
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield data.join('\n');
          data = [];
          length = pending.length;
        } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      }
    }
    if (length > MAX_EVENT_IN_CHARACTERS) throw new BrokenAnswer('an event that does not end');
  }
  // Some servers leave out the empty line behind the last event.
  if (pending.startsWith('data:')) data.push(pending.slice(5).trim());
  if (data.length > 0) yield data.join('\n');
}
