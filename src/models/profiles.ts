import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Refusal } from '#src/core/errors.ts';
import type { ModelProfile } from '#src/core/model.ts';
import shippedProfiles from './profiles.json' with { type: 'json' };

const tokens = z.int().min(1).max(100_000_000);
const timeoutInMs = z.int().min(1).max(3_600_000);
const price = z.number().min(0).max(10_000);

const familySchema = z
  .strictObject({
    contextWindowInTokens: tokens,
    replyReserveInTokens: tokens,
    speechLimitInTokens: tokens,
    objectLimitInTokens: tokens,
    /** OpenAI-compatible servers take at most four. */
    stopSequences: z.array(z.string().min(1).max(100)).max(4),
    /** null: the model does not take one. */
    temperature: z.number().min(0).max(2).nullable(),
    firstTokenTimeoutInMs: timeoutInMs,
    totalTimeoutInMs: timeoutInMs,
    streams: z.boolean(),
    outputLimitField: z.enum(['max_completion_tokens', 'max_tokens']),
    tokenizer: z.enum(['o200k_base', 'cl100k_base', 'estimate']),
    pricePerMillionInUsd: z.strictObject({ input: price, cachedInput: price, output: price }),
  })
  .partial();

const familiesSchema = z.record(z.string().max(200), familySchema);

/** Rules, a name, closing words and the line to answer always find room in so much, however long each may be. */
export const LEAST_PROMPT_IN_TOKENS = 2_048;

/** Beginnings of model names, and what is particular to the models called so. */
type Families = z.infer<typeof familiesSchema>;

/** Finds the profile of a model by its name. */
export type ProfileOf = (modelName: string) => ModelProfile;

/**
 * The profiles of `profiles.json`, with those of a `models.json` laid over them where that file exists. A name gets
 * what every family says whose name it begins with, the longest last; the family "" is the default for models that
 * nobody described (local ones). A vendor's prefix ("openai/gpt-5-mini") is left out of the comparison.
 * @throws Refusal naming file, line and reason where the file is broken.
 */
export async function loadProfiles(overridesFile?: string): Promise<ProfileOf> {
  const shipped = familiesSchema.parse(shippedProfiles);
  const own = overridesFile === undefined ? {} : await readOverrides(overridesFile);
  const profileOf: ProfileOf = (modelName) => {
    const { temperature, ...profile } = { ...merged(shipped, modelName), ...merged(own, modelName) };
    return profileSchema.parse({ ...profile, temperature: temperature ?? undefined });
  };
  checkTogether(own, profileOf, overridesFile ?? '');
  return profileOf;
}

const profileSchema: z.ZodType<ModelProfile> = familySchema
  .required()
  .extend({ temperature: z.union([z.number(), z.undefined()]) })
  .refine((profile) => profile.replyReserveInTokens < profile.contextWindowInTokens, {
    path: ['replyReserveInTokens'],
    error: 'must be less than contextWindowInTokens',
  })
  .refine(
    (profile) => profile.contextWindowInTokens - profile.replyReserveInTokens >= LEAST_PROMPT_IN_TOKENS,
    {
      path: ['contextWindowInTokens'],
      error: `must be larger than replyReserveInTokens by ${LEAST_PROMPT_IN_TOKENS}, which a prompt needs`,
    },
  );

function merged(families: Families, modelName: string): Families[string] {
  const name = modelName.toLowerCase();
  const bare = name.slice(name.lastIndexOf('/') + 1);
  const matching = Object.keys(families)
    .filter(
      (beginning) => name.startsWith(beginning.toLowerCase()) || bare.startsWith(beginning.toLowerCase()),
    )
    .sort((a, b) => a.length - b.length);
  return Object.assign({}, ...matching.map((beginning) => families[beginning]));
}

/** What is right by itself can still be wrong on top of the rest: a reply reserve larger than the window. */
function checkTogether(own: Families, profileOf: ProfileOf, file: string): void {
  for (const beginning of Object.keys(own)) {
    try {
      profileOf(beginning);
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      throw new Refusal(`${file}: ${inWords(error, [beginning])} Mend it or remove the file.`);
    }
  }
}

async function readOverrides(file: string): Promise<Families> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new Refusal(`${file} cannot be read (${reason}). Make it readable or remove it.`);
  }
  // JSON is YAML, and this parser knows the line of every key. Most installations have no such file: not loaded then.
  const { LineCounter, isNode, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const [reason = ''] = fault.message.split('\n');
    throw new Refusal(
      `${file}, line ${lines.linePos(fault.pos[0]).line}: ${reason} Mend it or remove the file.`,
    );
  }
  const families = familiesSchema.safeParse(document.toJS());
  if (families.success) return families.data;
  const path = families.error.issues[0]?.path ?? [];
  const node = document.getIn(path, true);
  const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  throw new Refusal(
    `${file}, line ${lines.linePos(offset).line}: ${inWords(families.error)} Mend it or remove the file.`,
  );
}

function inWords(error: z.ZodError, within: readonly string[] = []): string {
  const [issue] = error.issues;
  const path = [...within, ...(issue?.path ?? [])].map(String).join(' › ');
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not a profile'}.`;
}
