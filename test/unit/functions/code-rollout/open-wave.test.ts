import { describe, expect, it } from '@jest/globals';
import { dyingAfter } from '../dying.ts';
import { admitted, draw, lineOf, reached, recordOf, step, steps, told } from './fleet.ts';

describe('opening a wave', () => {
  it('lets the release reach its pipelines, and says what is expected', async () => {
    const world = await admitted(6);
    expect((await step(world, 'OpenWave')).outcome).toBe('done');
    expect(reached(world)).toHaveLength(1);
    const record = recordOf(world);
    expect(record).toMatchObject({ state: 'Canary', wave: 0, walk: { told: 0 } });
    // Six pipelines at ten a second, and three bakes.
    const ahead = (Date.parse(record.expectedEnd ?? '') - Date.parse(record.updatedAt)) / 1000;
    expect(ahead).toBeCloseTo(0.6 + 3 * 120, 0);

    await steps(world, ['MovePipelines', 'OpenWave']);
    expect(recordOf(world)).toMatchObject({ state: 'Rolling', wave: 1 });
    expect(reached(world)).toHaveLength(3);
    await steps(world, ['MovePipelines', 'OpenWave', 'MovePipelines']);
    expect(reached(world)).toHaveLength(6);
    expect(await step(world, 'OpenWave')).toMatchObject({ outcome: 'finished' });
    expect(told(world)).toEqual(['Checking', 'Canary', 'Rolling']);
  });

  it('begins with those marked, whoever they are', async () => {
    const world = await admitted([
      { pipelineId: 'a' },
      { pipelineId: 'b', canary: true },
      { pipelineId: 'c' },
    ]);
    await step(world, 'OpenWave');
    expect(reached(world)).toEqual(['b']);
  });

  it.each([0, 1])('opens one wave also where it crashed halfway: wave %i', async (wave) => {
    for (let calls = 1; ; calls += 1) {
      const world = await admitted(6);
      if (wave === 1) await steps(world, ['OpenWave', 'MovePipelines']);
      const crashed = await step(world, 'OpenWave', {}, { ports: dyingAfter(calls) }).then(
        () => false,
        () => true,
      );
      // The machine repeats a step that crashed, whatever it had done already.
      if (crashed) await steps(world, ['OpenWave']);
      expect([recordOf(world).wave, reached(world).length]).toEqual([wave, wave === 0 ? 1 : 3]);
      if (!crashed) return;
      expect(calls).toBeLessThan(20);
    }
  });

  it('opens none for a release that has been stopped in that moment', async () => {
    const world = await admitted(6);
    draw(world, { stable: 'v1', kept: [] });
    const before = recordOf(world).wave;
    expect((await step(world, 'OpenWave')).outcome).toBe('over');
    expect([recordOf(world).wave, lineOf(world)]).toEqual([before, { stable: 'v1', kept: [] }]);
  });
});
