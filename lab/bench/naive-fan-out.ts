import { LAMBDA_CONTROL_PLANE_PER_SECOND } from '../../core/aws-limits.ts';
import { Chance } from '../simulator/chance.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { TokenBucket } from '../simulator/world/token-bucket.ts';

/** What became of an upload that every pipeline hears of by itself. */
export interface NaiveFanOut {
  readonly pipelines: number;
  /** Pipelines that never got the release: all tries were throttled. */
  readonly left: number;
  /** Calls that AWS refused for their rate. */
  readonly throttles: number;
  /** Until the last pipeline had it that ever got it, seconds. */
  readonly seconds: number;
}

/**
 * The SDK's own retries: three attempts, full jitter of a delay that doubles, 500 ms at first after a throttle, 20 s at
 * most. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const SDK_ATTEMPTS = 3;
const SDK_FIRST_DELAY_MS = 500;
const SDK_LONGEST_DELAY_MS = 20_000;
/**
 * Lambda's own retries of an asynchronous call that failed: two, after one minute and after two more.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const AGAIN_AFTER_MS = [60_000, 120_000];
/** SNS hands a message to all its subscribers at about the same time. */
const HEARD_WITHIN_MS = 2_000;
const CALL_MS = 100;

/**
 * The other way: each pipeline has a function of its own on the code topic, which calls UpdateFunctionCode as soon as it
 * hears of an upload. Nobody else uses Lambda's control plane meanwhile.
 */
export async function fanOutNaively(pipelines: number, seed: number): Promise<NaiveFanOut> {
  const clock = new VirtualClock();
  const chance = new Chance(seed, 'naive');
  const bucket = new TokenBucket(LAMBDA_CONTROL_PLANE_PER_SECOND, LAMBDA_CONTROL_PLANE_PER_SECOND);
  const beganMs = clock.nowMs();
  let throttles = 0;
  let lastMs = beganMs;
  let left = pipelines;

  const call = (invocation: number, attempt: number): void => {
    if (bucket.take(clock.nowMs())) {
      left -= 1;
      lastMs = clock.nowMs() + CALL_MS;
      return;
    }
    throttles += 1;
    if (attempt < SDK_ATTEMPTS) {
      const most = Math.min(SDK_LONGEST_DELAY_MS, SDK_FIRST_DELAY_MS * 2 ** (attempt - 1));
      clock.after(CALL_MS + chance.between(0, most), () => call(invocation, attempt + 1));
      return;
    }
    const againMs = AGAIN_AFTER_MS[invocation - 1];
    if (againMs !== undefined) clock.after(againMs + chance.between(0, 1_000), () => call(invocation + 1, 1));
  };
  for (let at = 0; at < pipelines; at += 1) clock.after(chance.between(0, HEARD_WITHIN_MS), () => call(1, 1));
  await clock.run({ limitMs: beganMs + 3_600_000 });
  return { pipelines, left, throttles, seconds: (lastMs - beganMs) / 1000 };
}
