import { beforeAll, expect, it } from '@jest/globals';
import { becomes, onLivePage } from './live-page.ts';

const [MOST, FEW, IDLE, BAD] = ['page-o-most', 'page-o-few', 'page-o-idle', 'page-o-bad'];

onLivePage('on the page, the overview of a stage that runs', (live) => {
  const { go } = live;
  const ids = () => live.page.locator('.rows .cell-pipeline a').allTextContents();
  const listed = (wanted: readonly string[]) =>
    becomes(ids, (shown) => shown.join() === wanted.join(), `${wanted.join(', ')} are listed`);
  const sort = (name: string) => live.page.locator('.row-head').getByRole('button', { name }).click();
  const chip = (name: string) => live.page.locator('.chips').getByRole('button', { name }).click();
  const search = (text: string) => live.page.getByLabel('Search pipelines').fill(text);

  beforeAll(async () => {
    const paused = { paused: true, timeoutSeconds: 3 };
    await Promise.all([
      live.stage.put({ pipelineId: MOST, ...paused }),
      live.stage.put({ pipelineId: FEW, ...paused }),
      live.stage.put({ pipelineId: IDLE, timeoutSeconds: 3 }),
      live.stage.putConfigRecord({ pipelineId: BAD, timeoutSeconds: 9000 }),
    ]);
    await live.stage.until(BAD, ({ phase }) => phase === 'Rejected');
    await live.stage.sendTasks(MOST, 7);
    await live.stage.sendTasks(FEW, 2);
    await go('#/');
  });

  it('finds pipelines by their ids and by what they do', async () => {
    await search('page-o-*');
    await becomes(ids, (shown) => shown.length === 4, 'four are listed');
    await search('page-o- timeoutSeconds');
    await listed([BAD]);
    await search('page-o-*');
  });

  it('shows those first that need somebody, and sorts by what is asked for', async () => {
    await becomes(ids, ([top]) => top === BAD, 'the rejected one is on top');
    await sort('Depth');
    await becomes(ids, ([top, next]) => top === MOST && next === FEW, 'the deepest are on top');
    await live.stage.sendTasks(FEW, 9);
    await becomes(
      ids,
      ([top, next]) => top === FEW && next === MOST,
      'what comes in puts it on top by itself',
    );
    const depth = live.page.locator('.row', { hasText: FEW }).locator('.cell-depth');
    await depth.getByText('11', { exact: true }).waitFor();
    await sort('Pipeline');
    await listed([BAD, FEW, IDLE, MOST]);
    await sort('Pipeline');
    await listed([MOST, IDLE, FEW, BAD]);
  });

  it('shows only those of an attention, a phase or a verdict', async () => {
    await chip('Trouble');
    await listed([BAD]);
    await chip('All');
    await live.page.getByLabel('Phase', { exact: true }).selectOption('Paused');
    await listed([MOST, FEW]);
    await live.page.getByLabel('Phase', { exact: true }).selectOption('');
    await live.page.getByLabel('Verdict', { exact: true }).selectOption('rejected');
    await listed([BAD]);
    await search('page-o-nobody');
    await live.page.getByText('No pipeline fits').waitFor();
    await live.page.getByRole('button', { name: /^Show all/ }).click();
    expect(await live.page.getByLabel('Search pipelines').inputValue()).toBe('');
  });

  it('takes another theme by a click, and keeps it', async () => {
    const ground = () => live.page.evaluate('getComputedStyle(document.body).backgroundColor');
    const theme = () => live.page.evaluate('document.documentElement.dataset.theme');
    const light = await ground();
    await live.button('Auto colours, change').click();
    await live.button('Light colours, change').click();
    expect(await theme()).toBe('dark');
    expect(await ground()).not.toBe(light);
    await live.page.reload();
    await live.button('Dark colours, change').click();
    expect(await theme()).toBe('light');
    expect(await ground()).toBe(light);
  });

  it('is told of by events, which come while one looks, and can be searched', async () => {
    await go('#/events');
    const of = (pipelineId: string) => live.page.locator('.events li', { hasText: pipelineId });
    await of(BAD).first().waitFor();
    await live.page.getByLabel('Search events').fill(IDLE);
    await becomes(
      () => of(BAD).count(),
      (count) => count === 0,
      'others are not shown',
    );
    const before = await of(IDLE).count();
    await live.stage.put({ pipelineId: IDLE, timeoutSeconds: 5 });
    await becomes(
      () => of(IDLE).count(),
      (count) => count > before,
      'the edit is told of',
    );
    const event = of(IDLE).first();
    await event.locator('summary').click();
    await event.getByRole('link', { name: `Open ${IDLE}` }).click();
    await live.page.getByRole('heading', { name: IDLE }).waitFor();
  });
});
