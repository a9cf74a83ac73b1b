export type Token = {
  kind: 'word' | 'string' | 'number' | 'guid' | 'date' | 'mark' | 'alias';
  text: string;
};

const PATTERNS: [Token['kind'] | 'space', RegExp][] = [
  ['space', /\s+/y],
  ['string', /'(?:[^']|'')*'/y],
  ['guid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy],
  [
    'date',
    /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?(?![\w-])/iy,
  ],
  ['number', /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w-])/iy],
  ['alias', /@[A-Za-z]\w*/y],
  ['word', /[A-Za-z_][\w.]*(?:\/[A-Za-z_]\w*)*/y],
  ['mark', /[(),=[\]]/y],
];

/** Splits an OData expression. Answers null at the first character that begins nothing. */
export function lex(expression: string): Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const start = at;
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const match = pattern.exec(expression);
      if (match === null) continue;
      at = pattern.lastIndex;
      if (kind !== 'space') tokens.push({ kind, text: match[0] });
      break;
    }
    if (at === start) return null;
  }
  return tokens;
}

/** The text inside an OData string literal. */
export function unquoted(literal: string): string {
  return literal.slice(1, -1).replaceAll("''", "'");
}
