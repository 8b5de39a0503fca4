import { beforeAll, expect, it } from '@jest/globals';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import { quickRelease, untilRelease, withRollout } from '../stage/releases.ts';
import { becomes, onLivePage } from './live-page.ts';

// A key of its own: nobody else's pipelines follow it.
const codeKey = 'page-rollouts.zip';
const CANARY = 'page-canary';
const IDS = [CANARY, 'page-follower'];
/** Its waves stay open until somebody says what becomes of them. */
const LONG = { bakeSeconds: 600, unknownSeconds: 0 };

/** One test after another: one release that is made to go forth and back by hand. */
onLivePage('on the page, a release', (live) => {
  const { go, agree } = live;
  let first: string;
  let second: string;
  const versions = () =>
    Promise.all(IDS.map(async (id) => (await live.stage.statuses.read(id))?.codeVersion));
  const release = () => live.stage.ports.releases.read(codeKey, second);
  const until = (isSo: (record: ReleaseRecord) => boolean) =>
    untilRelease(live.stage, codeKey, second, isSo, 40);
  const card = () => live.page.getByRole('article', { name: new RegExp(`${codeKey}.*`) }).first();
  const deed = async (name: string) => {
    await card().getByRole('button', { name, exact: true }).click();
    await agree(name);
  };
  const shows = (name: string) => card().locator('.phase', { hasText: name }).waitFor();

  beforeAll(async () => {
    first = await live.stage.uploadCode(codeKey, quickRelease('first of the page'));
    await Promise.all(
      IDS.map((pipelineId) =>
        live.stage.put({ pipelineId, codeKey, canary: pipelineId === CANARY, timeoutSeconds: 1 }),
      ),
    );
  });

  it('that is uploaded appears with its waves, and on the rows of those that have it', async () => {
    await go('#/rollouts');
    await card().waitFor();
    second = await live.stage.uploadCode(codeKey, withRollout(quickRelease('second of the page'), LONG));
    await live.page.getByRole('article', { name: `${codeKey} ${shortened(second)}` }).waitFor();
    await until(({ state }) => state === 'Baking');
    await shows('Baking');
    expect(await card().locator('.wave').allTextContents()).toMatchObject([
      expect.stringMatching(/Canaries\s*1 pipeline/),
      expect.stringMatching(/to 100 %\s*1 pipeline/),
    ]);
    expect(await card().locator('.wave[aria-current=step]').textContent()).toContain('Canaries');
    expect(await card().getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
    expect(await versions()).toEqual([second, first]);

    await go('#/');
    // Only rows in sight are drawn, and the stage has others.
    await live.page.getByLabel('Search pipelines').fill('page-');
    for (const [at, version] of [second, first].entries()) {
      const row = live.page.locator('.rows .row', { hasText: IDS[at] ?? '' });
      await row.locator(`code[title="${codeKey} ${version}"]`).waitFor();
    }
  });

  it('is paused and goes on', async () => {
    await go('#/rollouts');
    await deed('Pause');
    await becomes(release, (one) => one?.paused === true, 'it is paused');
    await shows('Paused');
    await deed('Resume');
    await becomes(release, (one) => one?.paused !== true, 'it goes on');
    await shows('Baking');
  });

  it('is aborted where it is: who has it keeps it, and nobody else gets it', async () => {
    await deed('Abort');
    await until(({ state }) => state === 'Aborted');
    await shows('Aborted');
    expect(await versions()).toEqual([second, first]);
  });

  it('is tried again from the beginning', async () => {
    await deed('Try again');
    await until(({ state }) => state === 'Baking');
    await shows('Baking');
    expect(await versions()).toEqual([second, first]);
  });

  it('is rolled back, and everybody has the former one again', async () => {
    await deed('Roll back');
    const record = await until(({ state }) => state === 'RolledBack');
    expect(record).toMatchObject({ reason: 'by hand, on the page', evidence: [{ what: 'byHand' }] });
    await becomes(versions, (all) => all.every((one) => one === first), 'all have the former one');
    await shows('RolledBack');
    await card().getByText('by hand, on the page').first().waitFor();
  });
});

/** As the page shows a version. */
function shortened(version: string): string {
  return version.slice(0, 8);
}
