/** A number with decimals. `digits`: as plain text where a double does not hold them all, else null. */
export type Fraction = { value: number; digits: string | null };

const DECIMAL = /^[+-]?\d{1,400}(\.\d{1,400})?(e[+-]?\d{1,3})?$/i;

/** null: the text is no number. A number beyond a double has an infinite value. */
export function parseDecimal(text: string): Fraction | null {
  if (!DECIMAL.test(text)) return null;
  const value = Number(text);
  const digits = plainDecimal(text);
  return { value, digits: digits === plainDecimal(String(value)) ? null : digits };
}

/** `number`, as a text that Number() reads, without an exponent and zeros that say nothing. */
export function plainDecimal(number: string): string {
  const [, sign = '', head = '', tail = '', exponent = '0'] =
    /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const point = head.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -point))}${head}${tail}`;
  const whole = digits.slice(0, Math.max(0, point)).padEnd(point, '0').replace(/^0+/, '');
  const fraction = digits.slice(Math.max(0, point)).replace(/0+$/, '');
  const plain = `${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`;
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}
