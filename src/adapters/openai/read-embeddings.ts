import { z } from 'zod';
import { ModelError } from '#src/core/errors.ts';
import { BrokenAnswer } from './failure.ts';

/** More than any known model gives. */
const MOST_DIMENSIONS = 8_192;
/** A number as JSON writes it at its longest, with its comma. */
const CHARACTERS_PER_NUMBER = 26;
const CHARACTERS_AROUND = 100_000;

const code = z.union([z.string(), z.number()]).nullish().catch(undefined);
/** Vectors are read by hand: a schema would take longer over a million numbers than the model takes. */
const envelopeSchema = z.object({
  data: z.array(z.unknown()).nullish(),
  usage: z
    .object({ prompt_tokens: z.int().min(0) })
    .nullish()
    .catch(undefined),
  error: z.object({ code, type: code }).nullish(),
});

export interface EmbeddingsAnswer {
  /** Of length 1, in the order of the texts. */
  readonly vectors: readonly Float32Array[];
  /** Undefined where the server does not count. */
  readonly tokens: number | undefined;
}

/**
 * Reads the answer of an embeddings call to its end, but no further than `count` vectors may take.
 * @param expected.dimensions undefined where any number will do.
 * @throws ModelError 'malformed', BrokenAnswer where the server put an error in its answer, or whatever the connection
 * throws.
 */
export async function readEmbeddings(
  response: Response,
  expected: { readonly model: string; readonly count: number; readonly dimensions: number | undefined },
): Promise<EmbeddingsAnswer> {
  const { model, count } = expected;
  const body = response.body?.values({ preventCancel: true });
  const json = body === undefined ? '' : await textOf(body, model, count);
  const envelope = envelopeSchema.safeParse(parsed(json));
  if (!envelope.success) throw malformed(model, 'not a list of embeddings');
  const { data, usage, error } = envelope.data;
  if (error != null) {
    const status = Number(error.code);
    const isStatus = status >= 400 && status < 600;
    throw new BrokenAnswer(
      'error in the answer',
      isStatus ? status : undefined,
      String(error.code ?? error.type),
    );
  }
  if (data?.length !== count) throw malformed(model, `${data?.length ?? 0} vectors for ${count} texts`);
  const vectors = inOrder(data, model).map((numbers) => unitVector(numbers, model));
  const dimensions = expected.dimensions ?? vectors[0]?.length;
  const other = vectors.find(({ length }) => length !== dimensions);
  if (other !== undefined) throw malformed(model, `${other.length} dimensions instead of ${dimensions}`);
  return { vectors, tokens: usage?.prompt_tokens };
}

async function textOf(body: AsyncIterable<Uint8Array>, model: string, count: number): Promise<string> {
  const most = count * MOST_DIMENSIONS * CHARACTERS_PER_NUMBER + CHARACTERS_AROUND;
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let length = 0;
  for await (const bytes of body) {
    const piece = decoder.decode(bytes, { stream: true });
    length += piece.length;
    if (length > most) throw malformed(model, 'an answer that does not end');
    pieces.push(piece);
  }
  return pieces.join('');
}

/** The numbers of each vector, sorted by the index that the server gives it; by its place where it gives none. */
function inOrder(data: readonly unknown[], model: string): readonly (readonly unknown[])[] {
  const sorted = new Array<readonly unknown[] | undefined>(data.length).fill(undefined);
  for (const [place, item] of data.entries()) {
    if (typeof item !== 'object' || item === null || !('embedding' in item))
      throw malformed(model, 'an entry without a vector');
    const index = 'index' in item && typeof item.index === 'number' ? item.index : place;
    const { embedding } = item;
    if (!Array.isArray(embedding) || !(index in sorted) || sorted[index] !== undefined)
      throw malformed(model, 'an entry that is no vector, or one index twice');
    sorted[index] = embedding;
  }
  return sorted.map((numbers) => numbers ?? []);
}

function unitVector(numbers: readonly unknown[], model: string): Float32Array {
  if (numbers.length === 0 || numbers.length > MOST_DIMENSIONS)
    throw malformed(model, `a vector of ${numbers.length} dimensions`);
  let squares = 0;
  for (const value of numbers) {
    if (typeof value !== 'number') throw malformed(model, 'a vector that does not hold numbers alone');
    squares += value * value;
  }
  const scale = 1 / Math.sqrt(squares);
  if (squares === 0 || !Number.isFinite(squares) || !Number.isFinite(scale))
    throw malformed(model, 'a vector without a direction');
  return Float32Array.from(numbers, (value) => Number(value) * scale);
}

function malformed(model: string, detail: string): ModelError {
  return new ModelError('malformed', model, detail);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
