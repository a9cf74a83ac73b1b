import {
  type Attributes,
  context,
  type Context,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

export interface SpanOptions {
  /** `consumer` and `producer` are the two ends of a message. */
  kind?: 'internal' | 'client' | 'server' | 'producer' | 'consumer';
  attributes?: Attributes;
  /** The W3C header of the span that caused this one, in another process or at another time. */
  traceparent?: string | null;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/**
 * Runs `work` within a span, which ends with it; a thrown error marks the span as failed.
 * Without a configured exporter this costs next to nothing.
 */
export async function withSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const tracer = trace.getTracer('landbridge');
  const parent = contextOf(options.traceparent ?? null);
  const settings = {
    kind: KINDS[options.kind ?? 'internal'],
    ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  };
  return tracer.startActiveSpan(name, settings, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (error instanceof Error)
        span.recordException({ name: error.name, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The W3C `traceparent` of the span that is active here; null when nothing is traced. */
export function currentTraceparent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'] ?? null;
}

function contextOf(traceparent: string | null): Context {
  if (traceparent === null) return context.active();
  return propagation.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
}
