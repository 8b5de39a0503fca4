import { LAMBDA_GET_FUNCTION_PER_SECOND } from '../../../core/aws-limits.ts';
import type { Caller } from './caller.ts';
import { noAnswer, serverError, throttled } from './failures.ts';
import type { CallFault, FaultPlan } from './faults.ts';
import type { Laws } from './laws.ts';
import { TokenBucket } from './token-bucket.ts';

/** Throttles that calls share: Lambda's 15/s for all but GetFunction, GetFunction's own, StartExecution's. */
export type BucketName = 'lambda' | 'getFunction' | 'startExecution';

/** One call, as a log line of AWS would have it. */
export interface CallRecord {
  readonly caller: Caller;
  /** `queues.create` and so on: a port and its method. */
  readonly operation: string;
  readonly bucket: BucketName | undefined;
  readonly mutates: boolean;
  /** The pipeline whose resources it is about, where that can be told. */
  readonly pipelineId: string;
  readonly startMs: number;
  /** When AWS carried it out; absent if it never did. */
  effectMs?: number;
  fault?: CallFault;
  /** AWS itself refused it for its rate. */
  throttled?: boolean;
}

export interface CallSite<R> {
  readonly operation: string;
  readonly bucket: BucketName | undefined;
  readonly mutates: boolean;
  readonly pipelineId: string;
  readonly effect: () => R;
}

interface CallParts extends Laws {
  readonly faults: FaultPlan;
  /** Longest that one call may take: later the client gives up. */
  readonly callSeconds: number;
  /** Whether to keep every call, or only those that change something or sit in a bucket. */
  readonly keep: 'all' | 'buckets';
  /** Lambda's own limit for all calls of its control plane together. */
  readonly lambdaPerSecond: number;
}

/** Everything between a caller and AWS: the way there, throttles, faults, the way back. Every call is noted. */
export class Calls {
  readonly log: CallRecord[] = [];
  /** Told of every call when it has had its effect. */
  readonly observers: ((record: CallRecord) => void)[] = [];
  faults: FaultPlan;
  /** Whose call is having its effect at this moment. */
  current: Caller | undefined;
  readonly #parts: CallParts;
  readonly #buckets: Record<BucketName, TokenBucket>;

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.faults = parts.faults;
    const { lambdaPerSecond } = parts;
    this.#buckets = {
      lambda: new TokenBucket(lambdaPerSecond, lambdaPerSecond),
      getFunction: new TokenBucket(LAMBDA_GET_FUNCTION_PER_SECOND, LAMBDA_GET_FUNCTION_PER_SECOND),
      // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
      startExecution: new TokenBucket(300, 1_300),
    };
  }

  make<R>(caller: Caller, site: CallSite<R>): Promise<R> {
    // The dead make no calls, and wait for ever.
    if (!caller.alive) return new Promise<R>(() => {});
    caller.calls += 1;
    const record = this.#note(caller, site);
    const fault = this.faults.ofCall(caller, site.operation);
    if (fault !== undefined) record.fault = fault;
    if (fault === 'crashBefore') {
      caller.crash(`crashed before ${site.operation}`);
      return new Promise<R>(() => {});
    }
    return new Promise<R>((resolve, reject) => {
      const answer = (settle: () => void, extraMs = 0) => {
        this.#parts.clock.after(this.#wayMs() + extraMs, () => {
          if (!caller.alive) return;
          this.#parts.clock.willSettle();
          settle();
        });
      };
      const isSlow = fault === 'slow' || (caller.sluggish && this.#parts.chance.happens(0.3));
      const slowMs = isSlow ? this.#parts.callSeconds * this.#parts.chance.between(450, 990) : 0;
      this.#parts.clock.after(this.#wayMs() + slowMs, () => {
        const failure = this.#refusal(record, fault);
        if (failure) return answer(() => reject(failure));
        let result: R;
        this.current = caller;
        try {
          result = site.effect();
        } catch (error) {
          return answer(() => reject(error));
        } finally {
          this.current = undefined;
        }
        record.effectMs = this.#parts.clock.nowMs();
        for (const observe of this.observers) observe(record);
        if (fault === 'crashAfter') return caller.crash(`crashed after ${site.operation}`);
        if (fault === 'hang') return;
        if (fault === 'replyLost') {
          const patienceMs = this.#parts.chance.happens(0.5) ? 0 : this.#parts.callSeconds * 900;
          return answer(() => reject(noAnswer(site.operation)), patienceMs);
        }
        answer(() => resolve(result));
      });
    });
  }

  #refusal(record: CallRecord, fault: CallFault | undefined): Error | undefined {
    if (record.bucket !== undefined && !this.#buckets[record.bucket].take(this.#parts.clock.nowMs())) {
      record.throttled = true;
      return throttled(record.operation);
    }
    if (fault === 'error') return serverError(record.operation);
    if (fault === 'throttle') return throttled(record.operation);
    return undefined;
  }

  #note(caller: Caller, site: CallSite<unknown>): CallRecord {
    const { operation, bucket, mutates, pipelineId } = site;
    const record: CallRecord = {
      caller,
      operation,
      bucket,
      mutates,
      pipelineId: pipelineId === '' ? caller.pipelineId : pipelineId,
      startMs: this.#parts.clock.nowMs(),
    };
    if (this.#parts.keep === 'all' || bucket !== undefined || mutates) this.log.push(record);
    return record;
  }

  #wayMs(): number {
    return this.#parts.chance.between(...this.#parts.nature.callMs);
  }
}
