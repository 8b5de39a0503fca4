import { describe, expect, it } from '@jest/globals';
import type { Patch, World } from '../../../../lab/simulator/world/world.ts';
import { stageIn, stageWith } from '../simulated-stage.ts';

const ASKS = { pipelineId: 'p', breaker: {} };

describe('other programs are told that a record forces its breaker', () => {
  const FORCED_OPEN = { pipelineId: 'p', breaker: { force: 'open' } };

  /** What was told of the breaker: where it came from and to, and by what. */
  const told = (world: World) =>
    world.events.published.flatMap(({ detailType, detail: { evidence, says, ...detail } }) => {
      if (detailType !== 'Breaker state changed') return [];
      expect(says).toContain('breaker');
      const { forced, by } = evidence as Record<string, unknown>;
      return [[detail, forced, by]];
    });
  const change = (from: string, to: string, forced: string) => [
    { pipelineId: 'p', from, to },
    forced,
    'record',
  ];
  const put = async (world: World, record: Record<string, unknown>) => {
    world.configs.put('p', record);
    await world.pass(60);
  };

  it('once as it begins and once as it ends, however many runs there are in between', async () => {
    const world = await stageWith(ASKS);
    await put(world, FORCED_OPEN);
    await put(world, { ...FORCED_OPEN, memoryMb: 512 });
    expect(told(world)).toEqual([change('closed', 'open', 'open')]);
    await put(world, { pipelineId: 'p', breaker: { force: 'closed' } });
    await put(world, { pipelineId: 'p' });
    await put(world, ASKS);
    expect(told(world).slice(1)).toEqual([
      change('open', 'closed', 'closed'),
      change('closed', 'closed', 'auto'),
    ]);
  });

  it('of one that its tasks keep open, too: it says until when', async () => {
    const world = await stageWith({ pipelineId: 'p', breaker: { force: 'closed' } });
    const untilMs = world.nowMs() + 100_000;
    world.holds.put('p', { breaker: { state: 'open', sinceMs: world.nowMs(), untilMs, opened: 1 } });
    await put(world, ASKS);
    expect(told(world).at(-1)).toEqual([
      { pipelineId: 'p', from: 'closed', to: 'open', untilMs },
      'auto',
      'record',
    ]);
  });

  it('of one that is new, and not of one that goes', async () => {
    const world = await stageWith(FORCED_OPEN);
    expect(told(world)).toEqual([change('closed', 'open', 'open')]);
    world.configs.remove('p');
    await world.pass(1_200);
    expect(world.statuses.read('p')?.phase).toBe('Deleted');
    expect(told(world)).toHaveLength(1);
  });

  it.each<[string, 'events' | 'statuses', number]>([
    ['before it has told', 'events', 1],
    ['after it has told and before it has written', 'statuses', 2],
  ])('also where the settling one dies %s: never less than once', async (_when, port, times) => {
    let died = false;
    const patch: Patch = {
      ports: (ports, { functionName, label }) => {
        if (functionName !== 'pipeline-lifecycle' || label !== 'Settle') return ports;
        const dying = async (call: () => Promise<unknown>, isTheOne: boolean) => {
          if (died || !isTheOne) return call();
          died = true;
          throw new Error('it died');
        };
        const { events, statuses } = ports;
        return {
          ...ports,
          events: {
            publish: (...word) => dying(() => events.publish(...word), port === 'events') as Promise<void>,
          },
          statuses: Object.assign(Object.create(statuses), {
            write: (next: Parameters<typeof statuses.write>[0]) =>
              dying(() => statuses.write(next), port === 'statuses' && next.lease === undefined),
          }),
        };
      },
    };
    const world = await stageIn({ patch }, FORCED_OPEN);
    await world.pass(600);
    expect([died, world.statuses.read('p')?.phase]).toEqual([true, 'Active']);
    expect(told(world)).toEqual(Array(times).fill(change('closed', 'open', 'open')));
  });
});
