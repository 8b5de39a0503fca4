import type { HealthReports } from '../../../aws/ports.ts';
import { pipelineIdOf } from '../../../core/names.ts';
import { type HealthSample, NO_CALLS } from '../../../core/release/health.ts';
import type { CallTimes } from '../../../core/spread/call-times.ts';
import { hash32 } from '../chance.ts';
import { BEGIN_MS, type VirtualClock } from '../clock.ts';
import type { Nature } from './nature.ts';
import type { SimulatedQueues } from './queues.ts';
import type { Sync } from './sync.ts';
import type { Counted } from './tasks.ts';

const MINUTE_MS = 60_000;

type Counts = Record<Counted, number>;

interface Level {
  readonly minute: number;
  /** Undefined: from here on there is no queue. */
  readonly level: number | undefined;
}

/**
 * CloudWatch's metrics of consumers and queues, minute by minute; a minute is known some time after its end.
 * As Lambda and SQS stamp them: a call at its start, once it is over; a message when it is received and when
 * it is deleted.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
 */
export class SimulatedHealth implements Sync<HealthReports> {
  readonly #minutes = new Map<string, Map<number, Counts>>();
  /** Changes of each dead-letter queue's level, as seen at the end of a minute. */
  readonly #levels = new Map<string, Level[]>();
  readonly #stage: string;
  readonly #clock: VirtualClock;
  readonly #nature: Nature;
  readonly #queues: SimulatedQueues;

  constructor(stage: string, clock: VirtualClock, nature: Nature, queues: SimulatedQueues) {
    this.#stage = stage;
    this.#clock = clock;
    this.#nature = nature;
    this.#queues = queues;
    this.#sampleEveryMinute();
  }

  /** @param atMs the minute that it counts in */
  count(functionName: string, atMs: number, what: Counted, more: number): void {
    const pipelineId = pipelineIdOf(this.#stage, functionName);
    if (pipelineId === undefined) return;
    let minutes = this.#minutes.get(pipelineId);
    if (minutes === undefined) {
      minutes = new Map();
      this.#minutes.set(pipelineId, minutes);
    }
    const minute = minuteOf(atMs);
    let counts = minutes.get(minute);
    if (counts === undefined) {
      counts = { ...NO_CALLS };
      minutes.set(minute, counts);
    }
    counts[what] += more;
  }

  read(
    pipelineIds: readonly string[],
    fromMs: number,
    toMs: number,
  ): ReadonlyMap<string, readonly HealthSample[]> {
    const read = pipelineIds.map((id) => [id, this.#samples(id, fromMs, toMs)] as const);
    return new Map(read.filter(([, samples]) => samples.length > 0));
  }

  /** CloudWatch keeps percentiles; here all calls of a minute took as long as their mean. */
  callTimes(pipelineId: string, fromMs: number, toMs: number): CallTimes | undefined {
    const minutes = this.#samples(pipelineId, fromMs, toMs).filter(({ calls }) => calls > 0);
    const calls = minutes.reduce((sum, minute) => sum + minute.calls, 0);
    if (calls === 0) return undefined;
    const means = minutes.map((minute) => minute.durationMs / minute.calls / 1000);
    const meanSeconds = minutes.reduce((sum, { durationMs }) => sum + durationMs, 0) / calls / 1000;
    return { calls, meanSeconds, p95Seconds: Math.max(...means) };
  }

  #samples(pipelineId: string, fromMs: number, toMs: number): HealthSample[] {
    const samples: HealthSample[] = [];
    for (let minute = minuteOf(Math.max(fromMs, BEGIN_MS)); minute * MINUTE_MS < toMs; minute += 1) {
      if (!this.#isKnown(pipelineId, minute)) continue;
      const counts = this.#minutes.get(pipelineId)?.get(minute);
      const deadLetters = this.#levelAt(pipelineId, minute);
      if (counts === undefined && deadLetters === undefined) continue;
      samples.push({
        atMs: minute * MINUTE_MS,
        spanMs: MINUTE_MS,
        ...(counts ?? NO_CALLS),
        ...(deadLetters === undefined ? {} : { deadLetters }),
      });
    }
    return samples;
  }

  /** Every queue's minute has a delay of its own. */
  #isKnown(pipelineId: string, minute: number): boolean {
    const [low, high] = this.#nature.metricsMs;
    const delayMs = low + (high - low) * (hash32(`${pipelineId} ${minute}`) / 2 ** 32);
    return (minute + 1) * MINUTE_MS + delayMs <= this.#clock.nowMs();
  }

  #levelAt(pipelineId: string, minute: number): number | undefined {
    return this.#levels.get(pipelineId)?.findLast((change) => change.minute <= minute)?.level;
  }

  #sampleEveryMinute(): void {
    const minute = minuteOf(this.#clock.nowMs());
    this.#clock.at((minute + 1) * MINUTE_MS, () => {
      this.#sample(minute);
      this.#sampleEveryMinute();
    });
  }

  #sample(minute: number): void {
    const nowMs = this.#clock.nowMs();
    const seen = new Set<string>();
    for (const [name, queue] of this.#queues.byName) {
      if (!name.endsWith('-dlq')) continue;
      const pipelineId = pipelineIdOf(this.#stage, name);
      if (pipelineId === undefined) continue;
      seen.add(pipelineId);
      const level = queue.messages.size === 0 ? 0 : queue.messages.counts(nowMs, 0).visible;
      this.#note(pipelineId, minute, level);
    }
    for (const pipelineId of this.#levels.keys()) {
      if (!seen.has(pipelineId)) this.#note(pipelineId, minute, undefined);
    }
  }

  #note(pipelineId: string, minute: number, level: number | undefined): void {
    const levels = this.#levels.get(pipelineId) ?? [];
    if (levels.length > 0 && levels.at(-1)?.level === level) return;
    levels.push({ minute, level });
    this.#levels.set(pipelineId, levels);
  }
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}
