import { z } from 'zod';

/** By which settings `connectBus` finds NATS, the same in every service. */
export const busEnvironment = {
  /** One server, or several of a cluster joined by commas. */
  LANDBRIDGE_NATS_URL: z
    .string('must name the NATS server, as nats://127.0.0.1:4222')
    .refine(
      (text) => text.split(',').every((server) => isNatsUrl(server.trim())),
      'must be a nats:// URL, as nats://127.0.0.1:4222, or several joined by commas',
    ),
  LANDBRIDGE_NATS_MONITOR_URL: z
    .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
    .optional(),
};

function isNatsUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'nats:' && url.hostname !== '';
}
