import { plainLine, withoutActingCharacters } from '#src/core/text.ts';
import type { CardView } from '#src/core/view.ts';
import { clipEscaped, context, header, type KnownBlock, MAX_SECTION, markedSection } from './block-kit.ts';
import { escapeText } from './mrkdwn.ts';

/**
 * A card with all it says. `maxText` bounds what its sections hold together, in characters: three cards share one
 * message, and what does not fit ends with a hint where the whole is.
 */
export function cardBlocks(card: CardView, maxText = Number.POSITIVE_INFINITY): readonly KnownBlock[] {
  const name = plainLine(card.name);
  const under = [plainLine(card.subtitle), plainLine(card.badge)].filter((part) => part !== '').join(' · ');
  return [
    header(name || '…'),
    ...(under === '' ? [] : [context(under)]),
    ...bodies(card, maxText).map(markedSection),
  ];
}

/** The sections, gathered into as few texts as Slack's limit on one allows. */
function bodies(card: CardView, maxText: number): readonly string[] {
  const more = `_More: /npc show npc:${escapeText(plainLine(card.name))}_`;
  const texts: string[] = [];
  let left = maxText;
  for (const section of card.sections) {
    const whole = clipEscaped(sectionText(section), MAX_SECTION);
    const separator = 2;
    if (whole.length + separator > left - more.length) {
      texts.push(more);
      break;
    }
    left -= whole.length + separator;
    const last = texts.at(-1);
    if (last !== undefined && last.length + separator + whole.length <= MAX_SECTION) {
      texts[texts.length - 1] = `${last}\n\n${whole}`;
    } else texts.push(whole);
  }
  return texts;
}

function sectionText({ label, items, isHidden }: CardView['sections'][number]): string {
  const title = `*${escapeText(plainLine(label))}*${isHidden ? ' :lock:' : ''}`;
  const values = items.map((item) => escapeText(withoutActingCharacters(item).trim()));
  const [only = ''] = values;
  return `${title}\n${values.length === 1 ? only : values.map((value) => `• ${value}`).join('\n')}`;
}
