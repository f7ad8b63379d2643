import type { Document } from 'yaml';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Persona } from '#src/core/persona.ts';
import type { PersonaFault } from './fault-reasons.ts';
import { faultSentence } from './fault-reasons.ts';
import { parsePersona } from './persona-schema.ts';

/** One thing wrong with a YAML sheet; the reason is one sentence for whoever wrote it. */
export interface SheetFault {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** A half-written file gives many errors that follow from the first ones. */
const SYNTAX_FAULTS_LISTED = 3;

/**
 * Reads a persona from YAML. Faults are those of the syntax or, where that is sound, of the content, by line.
 * Aliases are refused: a sheet has no use for them, and a few lines of them can unfold into gigabytes.
 */
export function readPersonaYaml(
  text: string,
): { readonly persona: Persona; readonly nameLine: number } | { readonly faults: readonly SheetFault[] } {
  const counter = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line);
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const broken = [...document.errors, ...document.warnings]
    .slice(0, SYNTAX_FAULTS_LISTED)
    .map((error) => ({ line: lineAt(error.pos[0]), reason: syntaxReason(error.code, error.message) }));
  if (broken.length > 0) return { faults: broken };

  const alias = firstAlias(document);
  if (alias !== undefined) {
    const reason =
      'Aliases (*name) are not read here: write the text out. Put a text that begins with * in quotes.';
    return { faults: [{ line: lineAt(alias), reason }] };
  }

  const value: unknown = document.toJS();
  if (value === null)
    return { faults: [{ line: 1, reason: 'The file is empty: it needs at least a name and a role.' }] };
  const lineOf = (path: PersonaFault['path']) => lineAt(offsetOf(document, path));
  const result = parsePersona(value);
  if ('persona' in result) return { persona: result.persona, nameLine: lineOf(['name']) };
  const faults = result.faults.map((fault) => ({ line: lineOf(fault.path), reason: faultSentence(fault) }));
  return { faults: faults.sort((a, b) => a.line - b.line) };
}

/** The errors that half-written sheets make, in words for people who do not know YAML. */
const SYNTAX_REASONS: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: 'A text that begins with @ or ` must stand in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'The indentation does not fit, or a text holds a colon followed by a space: put that text in quotes.',
  DUPLICATE_KEY: 'This key already stands above: keep one of the two.',
  MULTIPLE_DOCS: 'The file holds more than one sheet (---): give each its own file.',
  RESOURCE_EXHAUSTION: 'The file is nested too deeply to be a sheet.',
  TAB_AS_INDENT: 'Tabs cannot indent YAML: use spaces.',
  TAG_RESOLVE_FAILED: 'A text that begins with ! must stand in quotes.',
};

function syntaxReason(code: string, message: string): string {
  return SYNTAX_REASONS[code] ?? `The YAML is broken here: ${message}.`;
}

function firstAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias: (_, alias) => {
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** Where the deepest part of `path` that exists begins: its key, or the item of a list. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      offset = startOf(pair?.key) ?? offset;
      next = pair?.value;
    } else if (isSeq(node) && typeof step === 'number') {
      next = node.items[step];
      offset = startOf(next) ?? offset;
    }
    node = next;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
