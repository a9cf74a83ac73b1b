/** One way of keeping events, measured beside the others on the same server. */
export interface Contender {
  name: string;
  /** Appends after checking that the stream is at `version`. */
  append(stream: string, version: number, payloads: readonly Payload[]): Promise<void>;
  /** Whether its reading of everything is known to leave events out: then this is reported. */
  skips: boolean;
  /** Reads everything in order, page by page; gives the number of events read. */
  readAll(pageSize: number): Promise<number>;
  /** What really lies in its table. */
  countStored(): Promise<number>;
  close(): Promise<void>;
}

export type Payload = { [key: string]: string | number };

/** About 450 bytes as JSON, like the events of a control plane. */
export function payload(index: number): Payload {
  return {
    index,
    runId: '0b8f6a52-6d3f-4b7e-9d6e-3f1b2a4c5d6e',
    table: 'contact',
    note: 'x'.repeat(350),
  };
}
