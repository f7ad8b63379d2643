import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import {
  MAX_BUTTON_LABEL_LENGTH,
  MAX_BUTTONS_PER_ROW,
  MAX_COMPONENT_TEXT_LENGTH,
  MAX_COMPONENTS,
} from './limits.ts';

/** Something to press: what stands on it, and what is sent when it is pressed. */
export interface Button {
  readonly label: string;
  readonly code: string;
}

/** A piece of a message. Text is Discord's Markdown, escaped already, and shorter than a message. */
export type Part =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] };

/** What belongs together, behind a bar of one colour or behind none. */
export interface Section {
  readonly colour: number | undefined;
  readonly parts: readonly Part[];
}

/** The components of one message. */
export type MessagePage = readonly APIMessageTopLevelComponent[];

type Row = APIActionRowComponent<APIButtonComponentWithCustomId>;

/** Lays sections out over as few messages as hold them, in order. Nothing to show is no message. */
export function layOut(sections: readonly Section[]): readonly MessagePage[] {
  const pages = [new Page()];
  const codes = new Set<string>();
  for (const { colour, parts } of sections) {
    let block = new OpenBlock(colour);
    for (const part of parts.flatMap((each) => rowsOf(each, codes))) {
      let page = pages.at(-1) ?? new Page();
      if (!page.takes(block, part)) {
        page = new Page();
        pages.push(page);
        block = new OpenBlock(colour);
      }
      page.add(block, part);
    }
  }
  return pages.filter((page) => !page.isEmpty).map((page) => page.components());
}

/** A part as it stands in a message: text, or one row of buttons. */
type LaidPart =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'row'; readonly row: Row };

/** @param codes of the buttons laid out before: Discord takes none twice in a message, and once is enough. */
function rowsOf(part: Part, codes: Set<string>): readonly LaidPart[] {
  if (part.kind === 'text') return part.markdown.trim() === '' ? [] : [part];
  const buttons = part.buttons.filter(({ code }) => !codes.has(code) && codes.add(code));
  const rows: LaidPart[] = [];
  for (let from = 0; from < buttons.length; from += MAX_BUTTONS_PER_ROW) {
    rows.push({ kind: 'row', row: buttonRow(buttons.slice(from, from + MAX_BUTTONS_PER_ROW)) });
  }
  return rows;
}

export function buttonRow(buttons: readonly Button[]): Row {
  return {
    type: ComponentType.ActionRow,
    components: buttons.map(({ label, code }) => ({
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: clipLabel(label),
      custom_id: code,
    })),
  };
}

function clipLabel(label: string): string {
  const plain = label.replace(/\s+/gu, ' ').trim();
  if (plain.length <= MAX_BUTTON_LABEL_LENGTH) return plain === '' ? '…' : plain;
  return `${plain.slice(0, MAX_BUTTON_LABEL_LENGTH - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

/** One section, as far as it stands in one message. */
class OpenBlock {
  readonly colour: number | undefined;
  readonly parts: LaidPart[] = [];

  constructor(colour: number | undefined) {
    this.colour = colour;
  }

  /** What one more part adds to the count of components. */
  costOf(part: LaidPart): number {
    const own =
      part.kind === 'row' ? 1 + part.row.components.length : this.parts.at(-1)?.kind === 'text' ? 0 : 1;
    return own + (this.parts.length === 0 && this.colour !== undefined ? 1 : 0);
  }
}

class Page {
  readonly #blocks: OpenBlock[] = [];
  #count = 0;
  #textLength = 0;

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  takes(block: OpenBlock, part: LaidPart): boolean {
    if (this.isEmpty) return true;
    return (
      this.#count + block.costOf(part) <= MAX_COMPONENTS &&
      this.#textLength + lengthOf(part) <= MAX_COMPONENT_TEXT_LENGTH
    );
  }

  add(block: OpenBlock, part: LaidPart): void {
    this.#count += block.costOf(part);
    this.#textLength += lengthOf(part);
    if (block.parts.length === 0) this.#blocks.push(block);
    block.parts.push(part);
  }

  components(): MessagePage {
    return this.#blocks.flatMap((block): APIMessageTopLevelComponent[] => {
      const components = componentsOf(block.parts);
      if (block.colour === undefined) return components;
      return [{ type: ComponentType.Container, accent_color: block.colour, components }];
    });
  }
}

/** A row of text is one longer in a message: the end of the row before it. */
function lengthOf(part: LaidPart): number {
  return part.kind === 'text' ? part.markdown.length + 1 : 0;
}

function componentsOf(
  parts: readonly LaidPart[],
): (Extract<APIComponentInContainer, { type: ComponentType.TextDisplay }> | Row)[] {
  const components: ReturnType<typeof componentsOf> = [];
  for (const part of parts) {
    const last = components.at(-1);
    if (part.kind === 'row') components.push(part.row);
    else if (last?.type === ComponentType.TextDisplay) last.content += `\n${part.markdown}`;
    else components.push({ type: ComponentType.TextDisplay, content: part.markdown });
  }
  return components;
}
