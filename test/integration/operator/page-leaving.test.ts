import { beforeAll, expect, it } from '@jest/globals';
import type { StatusRecord } from '../../../core/status-record.ts';
import { live as madeOf, NOTHING } from '../stage/live.ts';
import { documents, documentsOf } from '../stage/test-stage.ts';
import { onLivePage } from './live-page.ts';

const BUSY = 'page-busy';
const PARKED = 'page-saved';

onLivePage('on the page, a pipeline that is deleted', (live) => {
  const { go, agree, phase } = live;
  let sinceMs: number;
  const isGone = ({ phase, lease }: StatusRecord) => phase === 'Deleted' && lease === undefined;
  /** Opens the dialog, and waits until it says what will happen. */
  const ask = async (pipelineId: string, says: RegExp): Promise<void> => {
    await go(`#/pipelines/${pipelineId}`);
    await live.page.getByRole('heading', { name: pipelineId }).waitFor();
    await live.button('Delete').click();
    await live.page.getByRole('dialog').locator('li', { hasText: says }).waitFor();
  };

  beforeAll(async () => {
    sinceMs = Date.now();
    const environment = { SECONDS: '1' };
    await Promise.all([
      live.stage.put({ pipelineId: BUSY, concurrency: 2, timeoutSeconds: 5, environment }),
      live.stage.put({ pipelineId: PARKED, paused: true }),
    ]);
    await live.stage.sendTasks(BUSY, 12);
    await live.stage.sendTasks(PARKED, 4);
  });

  it('is not, as long as its name is not typed', async () => {
    await ask(BUSY, /the queue takes no more tasks/);
    const deed = live.page.getByRole('dialog').getByRole('button', { name: 'Delete the pipeline' });
    await live.type('page-bus');
    expect(await deed.isDisabled()).toBe(true);
    await live.page.keyboard.press('Escape');
    await live.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await live.stage.ports.configs.read(BUSY)).toBeDefined();
  });

  it('at work drains: it takes no more, does what it has, and is gone', async () => {
    await ask(BUSY, /tasks may run for up to/);
    await live.type(BUSY);
    await agree('Delete the pipeline');
    await phase('Draining');
    expect(await live.stage.ports.configs.read(BUSY)).toBeUndefined();
    await expect(live.stage.sendTasks(BUSY, 1)).rejects.toMatchObject({ code: 'Draining' });
    await phase('Deleted');
    await live.stage.until(BUSY, isGone, 30);
    expect(documentsOf(await live.stage.done(BUSY, 12, sinceMs))).toEqual(documents(12));
    expect(await madeOf(live.stage, BUSY)).toEqual(NOTHING);
  });

  it('while it is paused says that its tasks are saved, saves them, and tells where', async () => {
    await ask(PARKED, /4 tasks.*salvage/s);
    await live.type(PARKED);
    await agree('Delete the pipeline');
    await phase('Deleted');
    const { salvage } = await live.stage.until(PARKED, isGone, 30);
    expect(salvage).toMatchObject({ count: 4 });
    await live.page.getByText(`4 tasks in ${salvage?.uri}`).waitFor();
    const { items } = await live.stage.ports.salvage.page(PARKED, undefined);
    const kept = await Promise.all(items.map(({ key }) => live.stage.ports.salvage.read(key)));
    expect(kept.flat()).toHaveLength(4);
    expect(await madeOf(live.stage, PARKED)).toEqual(NOTHING);
  });
});
