import { describe, expect, it } from '@jest/globals';
import { EndlessRun, VirtualClock } from '../../lab/simulator/clock.ts';
import { CODE_KEY, World } from '../../lab/simulator/world/world.ts';

describe('the virtual clock', () => {
  it('runs events in the order of their times, and what they set in motion before the next', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const wait = async (name: string, ms: number) => {
      await clock.sleep(ms);
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      seen.push(name);
    };
    void wait('second', 20);
    void wait('first', 10);
    clock.at(clock.nowMs() + 11, () => seen.push('between'));
    await clock.run({ limitMs: Number.POSITIVE_INFINITY });
    expect(seen).toEqual(['first', 'between', 'second']);
  });

  it('cuts a run that never ends, and says so', async () => {
    const clock = new VirtualClock();
    const again = () => clock.after(1_000, again);
    again();
    await expect(clock.run({ limitMs: clock.nowMs() + 60_000 })).rejects.toThrow(EndlessRun);
    const loop = () => clock.after(0, loop);
    loop();
    await expect(clock.run({ limitMs: Number.POSITIVE_INFINITY, maxEvents: 1_000 })).rejects.toThrow(
      /1000 events/,
    );
  });

  it('tells the same story twice for the same seed', async () => {
    const tell = async () => {
      const world = new World({ seed: 42 });
      world.code.put(CODE_KEY, 'v1');
      world.admit(CODE_KEY, 'v1');
      world.configs.put('a', { pipelineId: 'a' });
      await world.pass(300);
      return world.calls.log.map(({ operation, startMs, effectMs }) => [operation, startMs, effectMs]);
    };
    expect(await tell()).toEqual(await tell());
  });
});
