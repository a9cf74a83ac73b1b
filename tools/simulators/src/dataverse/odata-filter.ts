import { lex, unquoted, type Token } from './odata-lexer.ts';

export type Literal =
  | { kind: 'text' | 'guid' | 'date' | 'enum'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null'; value: null };

export type Operand = { kind: 'path'; path: string } | { kind: 'literal'; literal: Literal };

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'contains' | 'startswith' | 'endswith';

export type FilterNode =
  | { kind: 'and' | 'or'; left: FilterNode; right: FilterNode }
  | { kind: 'not'; node: FilterNode }
  | { kind: 'compare'; op: Comparison; left: Operand; right: Operand }
  | { kind: 'text'; fn: TextFunction; path: string; value: string }
  | { kind: 'query'; fn: string; path: string; values: string[] };

/** An expression that the parser does not understand; the message is the Web API's kind of text. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
}

const COMPARISONS = new Set<string>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const TEXT_FUNCTIONS = new Set<string>(['contains', 'startswith', 'endswith']);
const QUERY_PREFIX = 'Microsoft.Dynamics.CRM.';
const QUERY_FUNCTIONS = new Set([
  ...['In', 'NotIn', 'Between', 'NotBetween', 'ContainValues', 'DoesNotContainValues'],
]);

/**
 * Reads `$filter`. `aliases` hold the values of `@p1` and the like, as sent.
 * Throws  FilterSyntaxError.
 */
export function parseFilter(expression: string, aliases: Map<string, string>): FilterNode {
  const tokens = lex(expression);
  if (tokens === null || tokens.length === 0) {
    throw new FilterSyntaxError(`Syntax error: character is not valid in '${expression}'.`);
  }
  const parser = new Parser(tokens, expression, aliases);
  return parser.whole();
}

class Parser {
  readonly #tokens: Token[];
  readonly #expression: string;
  readonly #aliases: Map<string, string>;
  #at = 0;

  constructor(tokens: Token[], expression: string, aliases: Map<string, string>) {
    this.#tokens = tokens;
    this.#expression = expression;
    this.#aliases = aliases;
  }

  whole(): FilterNode {
    const node = this.#or();
    if (this.#at < this.#tokens.length) throw this.#error();
    return node;
  }

  #or(): FilterNode {
    let left = this.#and();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): FilterNode {
    let left = this.#unary();
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#unary() };
    return left;
  }

  #unary(): FilterNode {
    if (this.#takeWord('not')) return { kind: 'not', node: this.#unary() };
    if (this.#takeMark('(')) {
      const node = this.#or();
      this.#expectMark(')');
      return node;
    }
    return this.#primary();
  }

  #primary(): FilterNode {
    const next = this.#tokens[this.#at];
    const following = this.#tokens[this.#at + 1];
    if (next?.kind === 'word' && following?.text === '(') return this.#call(next.text);
    const left = this.#operand();
    const op = this.#next();
    if (op.kind !== 'word' || !COMPARISONS.has(op.text)) throw this.#error();
    return { kind: 'compare', op: op.text as Comparison, left, right: this.#operand() };
  }

  #call(name: string): FilterNode {
    this.#at += 2;
    if (TEXT_FUNCTIONS.has(name)) {
      const path = this.#word();
      this.#expectMark(',');
      const value = this.#literal();
      this.#expectMark(')');
      if (value.kind !== 'text') throw this.#noSignature(name);
      return { kind: 'text', fn: name as TextFunction, path, value: value.value };
    }
    const fn = name.startsWith(QUERY_PREFIX) ? name.slice(QUERY_PREFIX.length) : '';
    if (!QUERY_FUNCTIONS.has(fn)) {
      throw new FilterSyntaxError(`An unknown function with name '${name}' was found.`);
    }
    return this.#queryCall(fn);
  }

  /** `In(PropertyName='a',PropertyValues=['1','2'])`. */
  #queryCall(fn: string): FilterNode {
    let path = '';
    let values: string[] = [];
    do {
      const name = this.#word();
      this.#expectMark('=');
      if (name === 'PropertyName') path = String(this.#literal().value);
      else if (name === 'PropertyValues') values = this.#list();
      else throw this.#error();
    } while (this.#takeMark(','));
    this.#expectMark(')');
    if (path === '') throw this.#error();
    return { kind: 'query', fn, path, values };
  }

  #list(): string[] {
    const values: string[] = [];
    this.#expectMark('[');
    do {
      const { value } = this.#literal();
      values.push(String(value));
    } while (this.#takeMark(','));
    this.#expectMark(']');
    return values;
  }

  #operand(): Operand {
    const next = this.#tokens[this.#at];
    const isEnum = this.#tokens[this.#at + 1]?.kind === 'string';
    if (next?.kind === 'word' && !['true', 'false', 'null'].includes(next.text) && !isEnum) {
      this.#at++;
      return { kind: 'path', path: next.text };
    }
    return { kind: 'literal', literal: this.#literal() };
  }

  #literal(): Literal {
    const token = this.#next();
    switch (token.kind) {
      case 'string':
        return { kind: 'text', value: unquoted(token.text) };
      case 'guid':
        return { kind: 'guid', value: token.text.toLowerCase() };
      case 'date':
        return { kind: 'date', value: token.text };
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'alias':
        return this.#aliased(token.text);
      default:
        return this.#named(token);
    }
  }

  #named(token: Token): Literal {
    if (token.text === 'true' || token.text === 'false') {
      return { kind: 'boolean', value: token.text === 'true' };
    }
    if (token.text === 'null') return { kind: 'null', value: null };
    const following = this.#tokens[this.#at];
    if (token.kind === 'word' && following?.kind === 'string') {
      this.#at++;
      return { kind: 'enum', value: unquoted(following.text) };
    }
    throw this.#error();
  }

  #aliased(alias: string): Literal {
    const value = this.#aliases.get(alias);
    const tokens = value === undefined ? null : lex(value);
    if (tokens?.length !== 1) {
      throw new FilterSyntaxError(`The parameter alias '${alias}' has no usable value.`);
    }
    return new Parser(tokens, value ?? '', new Map()).#literal();
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#error();
    return token;
  }

  #word(): string {
    const token = this.#next();
    if (token.kind !== 'word') throw this.#error();
    return token.text;
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || token.text !== word) return false;
    this.#at++;
    return true;
  }

  #takeMark(mark: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'mark' || token.text !== mark) return false;
    this.#at++;
    return true;
  }

  #expectMark(mark: string): void {
    if (!this.#takeMark(mark)) throw this.#error();
  }

  #error(): FilterSyntaxError {
    return new FilterSyntaxError(`Syntax error at position ${this.#at} in '${this.#expression}'.`);
  }

  #noSignature(name: string): FilterSyntaxError {
    return new FilterSyntaxError(
      `No function signature for the function with name '${name}' matches the specified arguments.`,
    );
  }
}
