import { describe, expect, it } from '@jest/globals';
import { burstTaskOf } from '../../../../core/burst/letter.ts';
import { partsIdOf } from '../../../../core/burst/place.ts';
import { listen } from '../../../../functions/burst-listener/listen.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { partsIdIn } from '../burst-record.ts';
import { messagesOf, run, stageWith } from '../simulated-stage.ts';
import { insistently } from './sending/attempts.ts';
import { burstOf, RESTING } from './slices.ts';

const TOTAL = 40;

/** A stage with a burst `b` that was sent. */
async function sentOnce(): Promise<World> {
  const world = await stageWith(RESTING);
  await insistently(world, { pipelineId: 'a', count: TOTAL, burstId: 'b' });
  return world;
}

/** A consumer works on these messages, as far as the burst lets it. @returns how many have run */
function workOn(world: World, messages: ReturnType<typeof messagesOf>): number {
  const nowMs = world.nowMs();
  const ran = messages.filter(({ attributes }) => {
    const task = burstTaskOf(attributes);
    if (task === undefined) throw new Error('a message of no burst');
    const place = { ...task, total: TOTAL };
    if (world.bursts.begin(place, nowMs + 30_000, nowMs).kind !== 'begun') return false;
    const took = { startedAtMs: nowMs, endedAtMs: nowMs + 1_000 };
    world.bursts.end(place, nowMs + 30_000, { kind: 'done' }, took);
    return true;
  });
  return ran.length;
}

describe('a burst under an id that another one had', () => {
  it('is all sent and all run, though the mark and the shards of the other one outlive its record', async () => {
    const world = await sentOnce();
    const old = messagesOf(world, 'a');
    expect(workOn(world, old)).toBe(TOTAL);
    await world.pass(60);
    // DynamoDB removes each item in its own time.
    world.bursts.records.delete('b');
    const again = { pipelineId: 'a', tasks: Array.from({ length: TOTAL }, (_, n) => ({ n })), burstId: 'b' };
    expect(await insistently(world, again, 'other')).toMatchObject({ accepted: TOTAL, state: 'sent' });
    const fresh = messagesOf(world, 'a').slice(old.length);
    expect(fresh).toHaveLength(TOTAL);
    expect(workOn(world, fresh)).toBe(TOTAL);
    expect(workOn(world, fresh)).toBe(0);
    await world.pass(60);
    expect(burstOf(world)).toMatchObject({ state: 'Ended', totals: { done: TOTAL, unaccounted: 0 } });
  });

  it('hears nothing of dead letters of the other one that come back', async () => {
    const world = await sentOnce();
    const former = partsIdIn(world, 'b');
    const old = messagesOf(world, 'a');
    world.bursts.records.delete('b');
    await world.pass(1);
    await insistently(world, { pipelineId: 'a', count: TOTAL, burstId: 'b' }, 'other');
    expect(workOn(world, old)).toBe(TOTAL);
    await world.pass(60);
    expect(burstOf(world).state).toBe('Sent');
    const told = await run(world, (ports) => listen([{ partsId: former, sequenceNumber: '1' }], ports));
    expect(told).toEqual({ batchItemFailures: [] });
    expect(burstOf(world).state).toBe('Sent');
    expect(world.bursts.readShards(partsIdOf(burstOf(world)), [0, 1]).size).toBe(0);
  });
});
