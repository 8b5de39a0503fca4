import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BurstRecord } from '../../../core/burst/record.ts';
import { peakOf } from '../stage/test-stage.ts';
import { becomes, onLivePage } from './live-page.ts';

const pipelineId = 'page-bursts';

onLivePage('on the page, a burst', (live) => {
  const { go, agree, slide } = live;
  const newest = async (): Promise<BurstRecord | undefined> => {
    const { items } = await live.stage.ports.bursts.ofPipeline(pipelineId, undefined, 10);
    return [...items].sort((a, b) => b.createdAtMs - a.createdAtMs)[0];
  };
  const card = (burstId: string) => live.page.getByRole('article', { name: `Burst ${burstId}` });
  const send = async (): Promise<string> => {
    const before = await newest();
    await live.page.getByRole('button', { name: /^Send \d/ }).click();
    await agree('Send');
    const isNew = (one: BurstRecord | undefined) => one?.burstId !== before?.burstId;
    return (await becomes(newest, isNew, 'it is sent'))?.burstId ?? '';
  };

  beforeAll(async () => {
    await live.stage.put({
      onDelete: 'discard',
      pipelineId,
      concurrency: 3,
      timeoutSeconds: 10,
      environment: { SECONDS: '1' },
    });
  });

  // What was sent and has not come out would keep the stage busy for a quarter of an hour.
  afterAll(() => live.stage.deleteConfigRecord(pipelineId));

  it('is sent as it was tried out, moves, and ends with its curves', async () => {
    const sinceMs = Date.now();
    await go(`#/bursts/${pipelineId}`);
    await live.page.getByText(`${pipelineId}: 3 at once`).waitFor();
    await live.button('Window').click();
    await slide(/^Tasks/, 'Home', 'PageUp', 'PageUp');
    await slide(/^Last after/, 'Home', 'PageUp');
    const asked = await live.page.getByRole('button', { name: /^Send \d/ }).textContent();
    const count = Number(/\d+/.exec(asked ?? '')?.[0]);
    const tried = await live.page.locator('.compose dd').first().textContent();
    const burstId = await send();
    const sent = await live.stage.ports.bursts.read(burstId);
    const predicted = sent?.segments[0]?.plan.predicted.peakConcurrency ?? 0;
    expect(sent).toMatchObject({ given: count, spread: { minSeconds: 0, maxSeconds: 3 } });
    expect(tried).toBe(`${predicted} / 3`);

    const bar = card(burstId).getByRole('progressbar');
    const seen: number[] = [];
    await becomes(
      async () => {
        seen.push(Number(await bar.getAttribute('aria-valuenow')));
        return seen.at(-1);
      },
      (percent) => percent === 100,
      'the bar is full',
    );
    expect(seen.some((percent) => percent > 0 && percent < 100)).toBe(true);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    await card(burstId)
      .getByText(/over after/)
      .waitFor();
    const isEnded = (one: BurstRecord | undefined) => one?.state === 'Ended';
    const record = await becomes(() => live.stage.ports.bursts.read(burstId), isEnded, 'it has ended');
    expect(record).toMatchObject({ totals: { total: count, done: count } });
    const done = await live.stage.done(pipelineId, count, sinceMs);
    const peak = record?.peakConcurrency ?? 0;
    expect(peakOf(done)).toBe(peak);
    await card(burstId).getByText(`peak ${peak} (${predicted} predicted)`).waitFor();
    const curves = `Running at once: at most ${peak}, predicted ${predicted}`;
    await card(burstId).getByRole('img', { name: curves }).waitFor();
  });

  it('that is longer than a slice is paused while its tasks run, goes on, is planned anew, and is cancelled', async () => {
    await go(`#/bursts/${pipelineId}`);
    await live.button('Window').click();
    await slide(/^Tasks/, 'Home', ...Array.from({ length: 6 }, () => 'PageUp'));
    await slide(/^Last after/, 'End', 'PageDown', 'PageDown', 'PageDown');
    const burstId = await send();
    const read = () => live.stage.ports.bursts.read(burstId);
    const deed = (name: string) => card(burstId).getByRole('button', { name, exact: true });
    const shows = (name: string) => card(burstId).locator('.phase', { hasText: name }).waitFor();

    await card(burstId)
      .getByText(/[1-9]\d* running/)
      .waitFor();
    await deed('Pause').click();
    await becomes(read, (one) => one?.state === 'Paused', 'the record is paused');
    await shows('Paused');
    await deed('Resume').click();
    await becomes(read, (one) => one?.state === 'Sending', 'it is sent again');
    await shows('Sending');

    const { segments = [] } = (await read()) ?? {};
    await deed('Replan').click();
    const dialog = live.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Peak', exact: true }).click();
    await dialog.getByLabel(/^At once, at most/).press('Home');
    await dialog.locator('dd', { hasText: '1 / 3' }).waitFor();
    await agree('Plan anew');
    const replanned = await becomes(
      read,
      (one) => one?.replan === undefined && (one?.segments.length ?? 0) > segments.length,
      'what is left has another plan',
    );
    expect(replanned?.segments.at(-1)?.plan.predicted.peakConcurrency).toBe(1);

    await deed('Cancel').click();
    expect(await read()).toMatchObject({ isCancelled: false });
    await agree('Send nothing more');
    const over = await becomes(
      read,
      (one) => one?.isCancelled === true && one.state !== 'Sending',
      'it is cancelled',
    );
    await shows('Cancelled');
    expect(await deed('Pause').count()).toBe(0);
    expect(over?.total).toBeLessThan(over?.given ?? 0);
  });

  it('that cannot be done in time is not sent, and the page says what could', async () => {
    const before = await newest();
    await live.button('Finish').click();
    await slide(/^Over within/, 'Home', 'PageUp', 'PageUp');
    await live.page.locator('.compose .problem', { hasText: / needs .* this pipeline has 3/ }).waitFor();
    expect(await live.page.getByRole('button', { name: /^Send \d/ }).isDisabled()).toBe(true);
    expect((await newest())?.burstId).toBe(before?.burstId);
  });
});
