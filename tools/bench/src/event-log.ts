import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPostgres } from '@landbridge/local-servers';
import pg from 'pg';
import type { Contender } from './event-log/contender.ts';
import { emmett } from './event-log/emmett.ts';
import { landbridge } from './event-log/landbridge.ts';
import { fill, measureAppends, measureReadAll } from './event-log/measure.ts';
import { rawInsert } from './event-log/raw-insert.ts';
import { type BenchLine, type BenchResult, printable } from './result.ts';

const CONNECTIONS = 32;
const READ_EVENTS = 50_000;
const PAGE_SIZE = 500;

export interface EventLogBenchOptions {
  /** How often each figure is measured; its median counts. */
  rounds: number;
  /** How long the appends of one round go on. */
  appendMs: number;
}

const APPEND_LOADS = [
  { writers: 1, eventsPerAppend: 1 },
  { writers: 8, eventsPerAppend: 1 },
  { writers: 32, eventsPerAppend: 1 },
  { writers: 1, eventsPerAppend: 100 },
  { writers: 8, eventsPerAppend: 100 },
];

/**
 * The event log against a bare INSERT over as many connections and against emmett-postgresql, on
 * one Postgres with its durable defaults. Each figure is the median of rounds that take turns.
 */
export async function benchEventLog(
  options: EventLogBenchOptions = { rounds: 3, appendMs: 2_000 },
): Promise<BenchResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  const server = await startLocalPostgres({
    dataDir,
    password: 'bench',
    settings: ['max_connections=200'],
  });
  try {
    const database = async (name: string): Promise<string> => {
      const client = new pg.Client(server.url('postgres'));
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return server.url(name);
    };
    const contenders = [
      await landbridge(await database('landbridge'), CONNECTIONS),
      await rawInsert(await database('raw'), CONNECTIONS),
      await emmett(await database('emmett'), CONNECTIONS),
    ];
    try {
      const lines = await compare(contenders, options);
      return { title: 'Event log: events per second', lines };
    } finally {
      for (const contender of contenders) await contender.close();
    }
  } finally {
    await server.process.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(
  contenders: readonly Contender[],
  { rounds, appendMs }: EventLogBenchOptions,
): Promise<BenchLine[]> {
  const lines: BenchLine[] = [];
  for (const contender of contenders) {
    await measureAppends(contender, { writers: 8, eventsPerAppend: 1, forMs: 500 });
  }
  for (const load of APPEND_LOADS) {
    const rates = await inTurns(contenders, rounds, (one) =>
      measureAppends(one, { ...load, forMs: appendMs }),
    );
    const each = load.eventsPerAppend === 1 ? '1 event' : `${load.eventsPerAppend} events`;
    const writers = load.writers === 1 ? '1 writer' : `${load.writers} writers`;
    lines.push(...linesOf(`append ${each}, ${writers}`, contenders, rates));
  }
  for (const contender of contenders) await fill(contender, READ_EVENTS);
  const missed: BenchLine[] = [];
  const reads = await inTurns(contenders, rounds, async (one) => {
    const { eventsPerSecond, read, stored } = await measureReadAll(one, PAGE_SIZE);
    if (read < stored) missed.push(missedLine(one, read, stored));
    return eventsPerSecond;
  });
  lines.push(
    ...linesOf(`read all in pages of ${PAGE_SIZE}`, contenders, reads),
    ...missed.slice(-1),
  );
  return lines;
}

function missedLine(contender: Contender, read: number, stored: number): BenchLine {
  const missing = (stored - read).toLocaleString('en');
  return {
    what: `events that reading all of ${contender.name} left out`,
    value: `${missing} of ${stored.toLocaleString('en')}`,
  };
}

/** The median of each contender's rounds. */
async function inTurns(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender) => Promise<number>,
): Promise<number[]> {
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const rate = await measure(contender);
      rates[index]?.push(rate);
    }
  }
  return rates.map((each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0);
}

function linesOf(
  what: string,
  contenders: readonly Contender[],
  rates: readonly number[],
): BenchLine[] {
  const [own = 0] = rates;
  return contenders.slice(1).map((contender, index) => {
    const reference = rates[index + 1] ?? 0;
    return {
      what,
      value: Math.round(own).toLocaleString('en'),
      reference: `${contender.name} ${Math.round(reference).toLocaleString('en')}`,
      ratio: own / reference,
    };
  });
}

if (import.meta.main) process.stdout.write(`${printable(await benchEventLog())}\n`);
