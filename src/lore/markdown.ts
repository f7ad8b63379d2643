/** Front matter is short: a file that only begins with a rule is not searched for its end. */
const MOST_LINES_OF_FRONT_MATTER = 100;
/** "title: The docks", what goes on below it, an item, a remark, nothing. */
const LINE_OF_FRONT_MATTER = /^(?:[\w-]+:(?:\s.*)?|[ \t]+\S.*|- .*|#.*|\s*)$/u;
const END_OF_FRONT_MATTER = /^(?:---|\.\.\.)[ \t]*$/u;
const COMMENT_BEGINS = '<!--';
const COMMENT_ENDS = '-->';

/** Markdown as readers see it, and what was left out of it, a sentence each. */
export interface VisibleMarkdown {
  readonly text: string;
  readonly remarks: readonly string[];
}

/** Takes out what a Markdown file hides from its readers: comments, and the front matter at its top. */
export function visibleMarkdown(text: string): VisibleMarkdown {
  const body = withoutFrontMatter(text);
  const { kept, count } = withoutComments(body);
  return {
    text: kept,
    remarks: [
      ...(body === text ? [] : ['The front matter at the top was left out.']),
      ...(count === 0
        ? []
        : [
            `${count === 1 ? '1 comment (<!-- … -->) was' : `${count} comments (<!-- … -->) were`} left out.`,
          ]),
    ],
  };
}

function withoutFrontMatter(text: string): string {
  if (!/^---[ \t]*\n/u.test(text)) return text;
  const lines = text.split('\n');
  const end =
    lines.slice(1, MOST_LINES_OF_FRONT_MATTER).findIndex((line) => END_OF_FRONT_MATTER.test(line)) + 1;
  const isFrontMatter = end > 0 && lines.slice(1, end).every((line) => LINE_OF_FRONT_MATTER.test(line));
  return isFrontMatter ? lines.slice(end + 1).join('\n') : text;
}

/** A comment that never ends hides the rest of a text where it begins a line, as it does for readers. */
function withoutComments(text: string): { readonly kept: string; readonly count: number } {
  const parts: string[] = [];
  let count = 0;
  let from = 0;
  for (;;) {
    const begin = text.indexOf(COMMENT_BEGINS, from);
    if (begin < 0) break;
    const end = text.indexOf(COMMENT_ENDS, begin + COMMENT_BEGINS.length);
    if (end < 0 && !/(?:^|\n) {0,3}$/u.test(text.slice(Math.max(0, begin - 4), begin))) break;
    parts.push(text.slice(from, begin));
    count += 1;
    from = end < 0 ? text.length : end + COMMENT_ENDS.length;
  }
  return { kept: [...parts, text.slice(from)].join(''), count };
}
