import type { SQSRecord } from 'aws-lambda';
import { createRuntime } from '../../../consumer/runtime.ts';
import type { TaskContext } from '../../../consumer/task.ts';
import type { BurstNotes } from '../../../core/burst/notes.ts';
import { createWorld, event, invocation } from './world.ts';

export type Act = (context: TaskContext) => unknown;

/** A consumer whose handler does as it is told, in a world of its own. */
export function start(
  variables: Record<string, string> = {},
  change: (notes: BurstNotes) => Partial<BurstNotes> = () => ({}),
) {
  const world = createWorld({ SLUICE_MAX_ATTEMPTS: '3', ...variables });
  const bursts = world.effects.bursts as BurstNotes;
  let act: Act = () => {};
  let ran = 0;
  const handler = createRuntime(
    (_task, context) => {
      ran += 1;
      return act(context);
    },
    { ...world.effects, bursts: { ...bursts, ...change(bursts) } },
  );
  return {
    world,
    ran: () => ran,
    does: (how: Act) => {
      act = how;
    },
    receive: (one: SQSRecord, callMs = 30_000) => world.until(handler(event(one), invocation(callMs))),
    receiveAll: (all: SQSRecord[], callMs: number) => world.until(handler(event(...all), invocation(callMs))),
    shard: () => world.notes.shard('b#1', 0),
    outcomes: () => world.lines.filter(({ sluice }) => sluice === 'task').map(({ outcome }) => outcome),
    problems: () => world.lines.filter(({ sluice }) => sluice === 'problem').map(({ message }) => message),
  };
}

export const throws = (error: Error) => () => {
  throw error;
};
