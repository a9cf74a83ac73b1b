/** HTTP as the vendors' clients need it; knows no vendor, no NATS and no retry loop. */
export {
  lineOf,
  openHttp,
  type Http,
  type HttpLimits,
  type HttpReply,
  type HttpRequest,
  type NoAnswer,
  type RequestLine,
  type VendorRules,
} from './http.ts';
export { parseRetryAfter } from './retry-after.ts';
export { createTokenSource, type Token, type TokenSource } from './token-source.ts';
