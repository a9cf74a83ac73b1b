import type { CampaignType } from '@landbridge/contracts';

export type NumberType = Extract<
  CampaignType,
  'byte' | 'short' | 'integer' | 'long' | 'float' | 'double'
>;

/** The largest single-precision number. */
const FLOAT_MAX = 3.4028234663852886e38;

/**
 * Inclusive bounds of Campaign's number types.
 * Assumption: byte, short and long are signed with 8, 16 and 32 bits, as Campaign's schemas define
 * them; its API calls the same 32 bits `long`, and `integer` where it names the high-level type.
 */
export const NUMBER_RANGES: Readonly<Record<NumberType, { min: number; max: number }>> = {
  byte: { min: -128, max: 127 },
  short: { min: -32_768, max: 32_767 },
  integer: { min: -2_147_483_648, max: 2_147_483_647 },
  long: { min: -2_147_483_648, max: 2_147_483_647 },
  float: { min: -FLOAT_MAX, max: FLOAT_MAX },
  double: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
};
