import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import type { ReleaseRecord } from '../../../../core/release/record.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import { releaseRecord } from '../release-record.ts';
import { recordOf, SECOND, stageOf, V2 } from './stage.ts';

describe('beside others', () => {
  /** Has somebody else write the record once, right before or right after the person's first write of it. */
  function meanwhile(world: World, when: 'before' | 'after', changes: Partial<ReleaseRecord>) {
    let over = false;
    return (ports: Ports): Ports => ({
      ...ports,
      releases: Object.assign(Object.create(ports.releases), {
        async write(next: ReleaseRecord) {
          const write = () => world.releases.write({ ...recordOf(world, 'v2'), ...changes });
          if (over) return ports.releases.write(next);
          over = true;
          if (when === 'before') write();
          const answer = await ports.releases.write(next);
          if (when === 'after') write();
          return answer;
        },
      }),
    });
  }

  it('decides anew by what the machine has written meanwhile', async () => {
    const { say, record, world } = await stageOf();
    await say({ action: 'abort' }, meanwhile(world, 'before', { wave: 1 }));
    expect(record()).toMatchObject({ state: 'Aborted', wave: 1 });
  });

  it('is refused where the machine was quicker', async () => {
    const { say, record, world } = await stageOf();
    const answer = say({ action: 'abort' }, meanwhile(world, 'before', { state: 'Done' }));
    await expect(answer).rejects.toMatchObject({ code: 'NotPossible' });
    expect(record().state).toBe('Done');
  });

  it.each<[string, Partial<ReleaseRecord>]>([
    ['rollback', {}],
    ['retry', { state: 'Aborted' }],
  ])('%s is carried out where the new execution writes right after it', async (action, fields) => {
    const { say, started, world } = await stageOf(fields);
    await say({ action }, meanwhile(world, 'after', { counts: { ...releaseRecord().counts, due: 1 } }));
    expect(started).toEqual([[SECOND, V2]]);
  });

  it.each(['pause', 'resume', 'abort', 'rollback', 'retry'])(
    '%s crashed after any of its calls and repeated ends as if it had not crashed',
    async (action) => {
      const fields: Partial<ReleaseRecord> =
        action === 'retry' ? { state: 'Aborted' } : { paused: action === 'resume' };
      const whole = await stageOf(fields);
      await whole.say({ action });
      const expected = { ...essence(whole.record()), line: whole.line(), started: whole.started.slice(-1) };
      for (let calls = 1; ; calls += 1) {
        const { say, started, record, line } = await stageOf(fields);
        const dies = await say({ action }, dyingAfter(calls)).then(
          () => false,
          () => true,
        );
        if (!dies) return;
        await say({ action }).catch((error: unknown) => {
          // The first one did it.
          expect([action, error]).toMatchObject(['retry', { code: 'NotPossible' }]);
        });
        expect({ ...essence(record()), line: line(), started: started.slice(-1) }).toEqual(expected);
      }
    },
  );
});

function essence({ state, paused, owner, executions, announced, evidence }: ReleaseRecord) {
  return { state, paused, owner, executions, announced, evidence };
}
