import { describe, expect, it } from '@jest/globals';
import type { RedriveInput } from '../../../../aws/ports.ts';
import { ROUNDS_MOST } from '../../../../core/machine-step.ts';
import { newRedrive, redriveFact } from '../../../../core/redrive/record.ts';
import { runRedriveStep } from '../../../../functions/redrive/run-step.ts';
import type { CallFault, FaultPlan } from '../../../../lab/simulator/world/faults.ts';
import type { InvocationResult } from '../../../../lab/simulator/world/lambda-host.ts';
import { askForRedrive } from '../../../../lab/simulator/world/redrive-function.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { run } from '../simulated-stage.ts';
import { dead, redriveOf, stageOf, untilOver, upTo, worked } from './letters.ts';

const BAD = upTo(23).map((at) => `bad-${at}`);
const LETTERS = [
  ...BAD.map((id) => ({ id, reason: 'bad' })),
  ...upTo(8).map((at) => ({ id: `ugly-${at}`, reason: 'ugly' })),
];

/** A fault at the so-manieth call that the function makes, whoever has called it. */
function faultAt(call: number, fault: CallFault): FaultPlan & { struck: boolean } {
  let calls = 0;
  return {
    struck: false,
    ofCall({ functionName }) {
      if (functionName !== 'redrive') return undefined;
      calls += 1;
      if (calls !== call) return undefined;
      this.struck = true;
      return fault;
    },
    ofRun: () => undefined,
  };
}

/** Somebody calls the function until it answers. */
async function insist(world: World, request: object): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    let result: InvocationResult | undefined;
    askForRedrive(world, { pipelineId: 'a', redriveId: 'mine', ...request }, (told) => {
      result = told;
    });
    for (let seconds = 0; seconds < 100 && result === undefined; seconds += 1) await world.pass(1);
    if (result?.kind === 'returned') return;
  }
  throw new Error('three times in vain');
}

const FAULTS: readonly CallFault[] = ['error', 'replyLost', 'crashBefore', 'crashAfter'];

describe('a fault at any one call of a redrive', () => {
  it.each(FAULTS)('(%s) loses no letter, and each comes to its turn in the end', async (fault) => {
    for (let call = 1; ; call += 1) {
      const world = await stageOf(LETTERS, { concurrency: 20 });
      const plan = faultAt(call, fault);
      world.calls.faults = plan;
      await insist(world, { reason: 'bad' });
      const { state, sent } = await untilOver(world);
      await world.pass(60);
      expect({ call, state, worked: [...new Set(worked(world))].sort() }).toEqual({
        call,
        state: 'Done',
        worked: [...BAD].sort(),
      });
      expect(dead(world)).toEqual(upTo(8).map((at) => `ugly-${at}`));
      expect([...world.redrives.running]).toEqual([]);
      // No more than the letters of one receive are sent twice, or counted and not sent.
      expect(worked(world).length).toBeLessThanOrEqual(BAD.length + 10);
      expect(sent).toBeLessThanOrEqual(BAD.length + 10);
      if (plan.struck) continue;
      expect(worked(world)).toHaveLength(BAD.length);
      expect(sent).toBe(BAD.length);
      expect(call).toBeGreaterThan(20);
      break;
    }
  });

  it.each(FAULTS)('(%s) never makes a probe larger than was asked for', async (fault) => {
    for (let call = 1; ; call += 1) {
      const world = await stageOf(LETTERS, { concurrency: 20 });
      const plan = faultAt(call, fault);
      world.calls.faults = plan;
      await insist(world, { first: 15 });
      expect(await untilOver(world)).toMatchObject({ state: 'Done', sent: 15 });
      // Those that were being sent come into sight once more.
      await world.pass(600);
      const once = new Set(worked(world));
      expect({ call, many: once.size > 15 }).toEqual({ call, many: false });
      expect(new Set([...once, ...dead(world)]).size).toBe(LETTERS.length);
      if (plan.struck) continue;
      expect(once.size).toBe(15);
      break;
    }
  });

  it('(a step that runs on beside its repetition) makes no probe larger', async () => {
    const world = await stageOf(LETTERS, { concurrency: 20 });
    const record = newRedrive('a', undefined, { first: 15, maxRedrives: 3 }, world.nowMs());
    world.ledgers.write(redriveFact('a'), record, 0);
    const input = { step: 'RedriveLetters', owner: record.owner, state: { pipelineId: 'a' } } as const;
    const answers = await run(world, (ports) =>
      Promise.all([runRedriveStep(input, ports), runRedriveStep(input, ports)]),
    );
    expect(answers.map(({ outcome }) => outcome)).toContain('done');
    expect(redriveOf(world)).toMatchObject({ state: 'Done', sent: 15 });
    await world.pass(600);
    expect(new Set(worked(world)).size).toBe(15);
  });

  it('in the middle of a hand-over lets one execution go on, and no more than one', async () => {
    for (const fault of FAULTS) {
      for (let call = 1; ; call += 1) {
        const world = await stageOf(LETTERS, { concurrency: 20 });
        const record = newRedrive('a', undefined, { reason: 'bad', maxRedrives: 3 }, world.nowMs());
        world.ledgers.write(redriveFact('a'), record, 0);
        const plan = faultAt(call, fault);
        world.calls.faults = plan;
        // As after very many steps.
        world.redrives.start(record.owner, { pipelineId: 'a', rounds: ROUNDS_MOST } as RedriveInput);
        expect(await untilOver(world)).toMatchObject({ state: 'Done', executions: 2 });
        expect([...world.redrives.byName.keys()]).toEqual([record.owner, redriveOf(world).owner]);
        await world.pass(60);
        expect(new Set(worked(world))).toEqual(new Set(BAD));
        if (!plan.struck) break;
      }
    }
  });
});
