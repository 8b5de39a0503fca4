import { AwsError } from '../../../../../aws/errors.ts';
import type { Ports } from '../../../../../aws/ports.ts';
import type { BurstResult } from '../../../../../core/burst/result.ts';
import { sendBurst } from '../../../../../functions/trigger/send-burst.ts';
import type { Caller } from '../../../../../lab/simulator/world/caller.ts';
import type { CallFault } from '../../../../../lab/simulator/world/faults.ts';
import type { World } from '../../../../../lab/simulator/world/world.ts';
import { messagesOf } from '../../simulated-stage.ts';

/** How one call of the trigger ended. */
export type Attempt =
  | { readonly kind: 'answered'; readonly result: BurstResult }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'crashed' };

export const TRIGGER = 'trigger-in-test';

/** Calls the trigger once, in a process that faults of the simulator may crash; its calls are `TRIGGER`'s. */
export async function attempt(
  world: World,
  input: unknown,
  { requestId = 'request', seconds = 900, change = (ports: Ports) => ports } = {},
): Promise<Attempt> {
  const startedAtMs = world.nowMs();
  const caller: Caller = {
    ...world.hand,
    id: 100_000 + startedAtMs,
    functionName: TRIGGER,
    startedAtMs,
    alive: true,
    crash() {
      caller.alive = false;
    },
  };
  let end: Attempt | undefined;
  const call = { requestId, deadlineMs: startedAtMs + seconds * 1000 };
  sendBurst(input, change(world.connect(caller)), world.settings, call).then(
    (result) => {
      end = { kind: 'answered', result };
    },
    (error: unknown) => {
      end = { kind: 'failed', error };
    },
  );
  world.clock.after(0, () => world.clock.willSettle());
  const isOver = () => end !== undefined || !caller.alive || world.nowMs() > startedAtMs + seconds * 1000;
  await world.clock.run({ limitMs: startedAtMs + 3_600_000, stop: isOver });
  caller.alive = false;
  return end ?? { kind: 'crashed' };
}

/** Until it answers, as Lambda retries an asynchronous call: with the same request id. */
export async function insistently(world: World, input: unknown, requestId = 'request'): Promise<BurstResult> {
  for (let tries = 0; tries < 20; tries += 1) {
    const end = await attempt(world, input, { requestId });
    if (end.kind === 'answered') return end.result;
    if (end.kind === 'failed' && !(end.error instanceof AwsError && end.error.retryable)) throw end.error;
    await world.pass(10);
  }
  throw new Error('twenty times in vain');
}

/** A fault at some calls that a function makes, by their number; each strikes once. */
export function faultsAt(
  world: World,
  faults: ReadonlyMap<number, CallFault>,
  of = TRIGGER,
): { readonly calls: () => number } {
  let calls = 0;
  world.calls.faults = {
    ofCall({ functionName }) {
      if (functionName !== of) return undefined;
      calls += 1;
      return faults.get(calls);
    },
    ofRun: () => undefined,
  };
  return { calls: () => calls };
}

/** How often each task of the burst is in the queue, by index. */
export function copies(world: World, pipelineId: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { attributes } of messagesOf(world, pipelineId)) {
    const index = Number(attributes['sluice-index']?.value);
    found.set(index, (found.get(index) ?? 0) + 1);
  }
  return found;
}
