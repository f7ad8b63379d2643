import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The vendor's own document lies beside the product, never in it: a stranger's clone does not have it. */
const SPEC = fileURLToPath(new URL('../../../../shared/specs/discord-openapi.json', import.meta.url));

/** Why requests cannot be judged here; undefined where they can. For the names of tests that are skipped. */
export const specMissing: string | undefined = existsSync(SPEC)
  ? undefined
  : 'discord-openapi.json is not beside the project';

export interface JudgedRequest {
  readonly method: string;
  /** Without `/api/v10` and without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined: none was sent. */
  readonly body: unknown;
}

/** The part of an OpenAPI document that is read here. */
interface Spec {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, Operation>> & { readonly parameters?: readonly Parameter[] }>
  >;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: object } | undefined>>;
  };
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

/**
 * Where the document and the service differ, with the reason.
 * - `default_member_permissions`: the document says integer, the reference and discord.js say string of digits.
 */
const DIGITS_FOR_INTEGER = 'default_member_permissions';

/** Judges requests by Discord's own document. */
export class SpecJudge {
  readonly #templates: readonly { readonly template: string; readonly segments: readonly string[] }[];
  readonly #spec: Spec;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  readonly #validators = new Map<string, ValidateFunction>();

  static #loaded: SpecJudge | undefined;

  /** Undefined where the document is not there. Read once a process. */
  static load(): SpecJudge | undefined {
    if (specMissing !== undefined) return undefined;
    SpecJudge.#loaded ??= new SpecJudge(JSON.parse(readFileSync(SPEC, 'utf8')));
    return SpecJudge.#loaded;
  }

  constructor(spec: Spec) {
    this.#spec = spec;
    for (const format of ['snowflake', 'nonce', 'unixtime', 'binary', 'double', 'int64', 'int32'])
      this.#ajv.addFormat(format, true);
    this.#ajv.addFormat('uri', (text: string) => URL.canParse(text));
    this.#ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
    this.#ajv.addSchema(spec, 'spec');
    const templates = Object.keys(spec.paths).map((template) => ({
      template,
      segments: template.split('/'),
    }));
    // What is written out goes before what is a parameter: @original before {message_id}.
    const parameters = (template: string) => template.split('{').length;
    this.#templates = templates.sort((a, b) => parameters(a.template) - parameters(b.template));
  }

  /** What is wrong with a request; empty: nothing. */
  judge({ method, path, query, body }: JudgedRequest): readonly string[] {
    const segments = path.split('/').map((segment) => decodeURIComponent(segment));
    const template = this.#templates.find(
      (each) =>
        each.segments.length === segments.length &&
        each.segments.every((part, index) => part.startsWith('{') || part === segments[index]),
    )?.template;
    const key = method.toLowerCase();
    const operation = template === undefined ? undefined : this.#spec.paths[template]?.[key];
    if (template === undefined || operation === undefined) return ['there is no such route'];
    const shared = this.#spec.paths[template]?.parameters ?? [];
    const pointer = `/paths/${escapePointer(template)}`;
    const faults: string[] = [];
    const known = [
      ...shared.map((parameter, index) => ({ parameter, at: `${pointer}/parameters/${index}/schema` })),
      ...(operation.parameters ?? []).map((parameter, index) => ({
        parameter,
        at: `${pointer}/${key}/parameters/${index}/schema`,
      })),
    ];
    const inPath = new Map(
      template.split('/').flatMap((part, index) => {
        const segment = segments[index];
        return part.startsWith('{') && segment !== undefined ? [[part.slice(1, -1), segment] as const] : [];
      }),
    );
    for (const { parameter, at } of known) {
      const isInPath = parameter.in === 'path';
      const value = isInPath ? inPath.get(parameter.name) : query.get(parameter.name);
      if (value != null) faults.push(...this.#check(at, isInPath ? value : typed(value), parameter.name));
      else if (parameter.required === true) faults.push(`${parameter.name} is missing`);
    }
    for (const name of query.keys())
      if (!known.some(({ parameter }) => parameter.in === 'query' && parameter.name === name))
        faults.push(`there is no query parameter "${name}"`);
    if (body === undefined) {
      if (operation.requestBody?.required === true) faults.push('the body is missing');
    } else if (operation.requestBody?.content['application/json'] === undefined) {
      faults.push('there is to be no body');
    } else {
      const at = `${pointer}/${key}/requestBody/content/${escapePointer('application/json')}/schema`;
      faults.push(...this.#check(at, withIntegers(body), 'body'));
    }
    return faults;
  }

  #check(pointer: string, value: unknown, what: string): readonly string[] {
    let validate = this.#validators.get(pointer);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `spec#${pointer}` });
      this.#validators.set(pointer, validate);
    }
    if (validate(value)) return [];
    // Of a union, the fault that lies deepest says most.
    const errors = (validate.errors ?? []).toSorted((a, b) => b.instancePath.length - a.instancePath.length);
    const [first] = errors;
    return [`${what}${first?.instancePath ?? ''} ${first?.message ?? 'is invalid'}`];
  }
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Query strings carry text alone. */
function typed(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d{1,15}$/u.test(value) ? Number(value) : value;
}

function withIntegers(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withIntegers);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]: [string, unknown]) =>
      key === DIGITS_FOR_INTEGER && typeof value === 'string' && /^\d+$/u.test(value)
        ? [key, Number(value)]
        : [key, value],
    ),
  );
}
