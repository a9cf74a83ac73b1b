import { pino, type Logger } from 'pino';

/** A structured log. Never give it personal data or secrets: ids are fields, the text is constant. */
export type Log = Logger;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Where a field by one of these names slips in, its value does not come out. */
const SECRET_PATHS = [
  'clientSecret',
  'privateKey',
  'authorization',
  '*.clientSecret',
  '*.privateKey',
  '*.authorization',
  '*.Authorization',
];

/** JSON lines on stdout, times in RFC 3339, with the service's name in each. */
export function createLog(service: string, level: LogLevel): Log {
  return pino({
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '[secret]' },
  });
}
