import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SQSEvent } from 'aws-lambda';
import { eventOf } from './contenders.ts';

/** One fresh process's first answer, milliseconds. */
export interface ColdStart {
  /** From the process's start to the answer: Node's own start is in it, as it is on Lambda. */
  readonly answeredMs: number;
  /** Of all its threads, until then. */
  readonly cpuMs: number;
  /** Loading the handler. */
  readonly loadMs: number;
  /** The first call. */
  readonly firstCallMs: number;
}

/** What starts. */
export interface Starter {
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A task of no burst where it does not say. */
  readonly event?: SQSEvent;
}

/** The first rounds read files that the system has not at hand yet. */
const WARM_UP_ROUNDS = 3;

/** Starts each in turn, again and again, in the other direction every other time. */
export async function coldStarts<Name extends string>(
  starters: Readonly<Record<Name, Starter>>,
  rounds: number,
): Promise<Readonly<Record<Name, readonly ColdStart[]>>> {
  const names = Object.keys(starters) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, ColdStart[]>;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const start = await coldStart(starters[name]);
      if (round >= 0) found[name].push(start);
    }
  }
  return found;
}

async function coldStart({ bundle, environment, event = eventOf(1) }: Starter): Promise<ColdStart> {
  const script = join(import.meta.dirname, 'answer-once.mjs');
  const child = spawn(process.execPath, [script, bundle, JSON.stringify(event)], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  const [code, times] = await Promise.all([ended, text(child.stdio[3] as Readable)]);
  if (code !== 0) throw new Error(`${bundle} did not answer: its process ended with ${code}`);
  return JSON.parse(times);
}
