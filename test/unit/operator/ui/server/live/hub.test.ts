import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LOOKS_A_TICK, TICK_MS } from '../../../../../../operator/ui/server/live/choose.ts';
import { createLiveHub, type Tell } from '../../../../../../operator/ui/server/live/hub.ts';
import type { LiveEvents } from '../../../../../../operator/ui/wire.ts';
import { createFakeDesk } from '../../fake-desk.ts';

interface Told {
  readonly name: keyof LiveEvents;
  readonly data: unknown;
}

/** A stage of so many pipelines, and what is asked of it. */
function watched(pipelines: number) {
  const desk = createFakeDesk({ pipelines, nowMs: Date.now });
  const looks: number[] = [];
  let overviews = 0;
  const hub = createLiveHub(
    {
      overview: (look) => {
        overviews += 1;
        if (Array.isArray(look)) looks.push(look.length);
        return desk.overview(look);
      },
      look: (ids) => {
        looks.push(ids.length);
        return desk.look(ids);
      },
    },
    Date.now,
  );
  const join = () => {
    const told: Told[] = [];
    const tell: Tell = (name, data) => told.push({ name, data });
    return { told, leave: hub.join(tell) };
  };
  return { desk, hub, join, looks, overviews: () => overviews };
}

describe('what pages are told', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const pass = (ticks: number) => jest.advanceTimersByTimeAsync(ticks * TICK_MS);

  it('the same work each tick, however many pipelines and pages there are', async () => {
    const { hub, join, looks, overviews } = watched(5_000);
    const pages = [join(), join(), join()];
    await pass(20);
    expect(Math.max(...looks)).toBe(LOOKS_A_TICK);
    expect(looks.length).toBeLessThanOrEqual(22);
    // All records of 5,000 each 10 s: now, and four times within 40 s.
    expect(overviews()).toBeLessThanOrEqual(6);
    for (const { told } of pages) expect(told[0]?.name).toBe('all');
    hub.close();
  });

  it('nothing is asked while nobody looks', async () => {
    const { join, looks } = watched(30);
    const { leave } = join();
    await pass(2);
    leave();
    const before = looks.length;
    await pass(10);
    expect(looks).toHaveLength(before);
  });

  it('rows in sight come each time', async () => {
    const { desk, hub, join } = watched(500);
    const { told } = join();
    await pass(1);
    const client = (told[0] as { data: LiveEvents['all'] }).data.client;
    const { rows } = await desk.overview();
    const inSight = rows.slice(400, 410).map((row) => row.pipelineId);
    hub.see(client, inSight);
    await pass(1);
    const { depths } = (told.at(-1) as { data: LiveEvents['changes'] }).data;
    expect(Object.keys(depths).filter((id) => inSight.includes(id)).length).toBeGreaterThan(0);
    hub.close();
  });

  it('a stage that is gone is said to be, and all goes on once it is back', async () => {
    const { desk, hub, join } = watched(30);
    const { told } = join();
    await pass(1);
    desk.breakDown();
    await pass(1);
    expect(told.at(-1)).toMatchObject({ name: 'fault', data: { code: 'Unreachable' } });
    desk.mend();
    await pass(1);
    expect(told.at(-1)?.name).toBe('changes');
    hub.close();
  });

  it('a change that is made during a reading of the records is read with the next tick', async () => {
    const desk = createFakeDesk({ pipelines: 5_000, nowMs: Date.now });
    let overviews = 0;
    const hub = createLiveHub(
      {
        overview: async (look) => {
          overviews += 1;
          const overview = await desk.overview(look);
          await new Promise((resolve) => setTimeout(resolve, TICK_MS / 2));
          return overview;
        },
        look: (ids) => desk.look(ids),
      },
      Date.now,
    );
    hub.join(() => undefined);
    await jest.advanceTimersByTimeAsync(TICK_MS / 4);
    hub.changed();
    expect(overviews).toBe(1);
    await pass(1);
    expect(overviews).toBe(2);
    await pass(2);
    expect(overviews).toBe(2);
    hub.close();
  });
});
