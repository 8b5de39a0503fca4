import { describe, expect, it } from '@jest/globals';
import { functionSpec } from '../../../../core/lifecycle/target.ts';
import { trialFunction, trialTags } from '../../../../core/names.ts';
import { type ReleaseRecord, releaseFingerprint } from '../../../../core/release/record.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { wantedOf } from '../../core/lifecycle/records.ts';
import { releaseRecord } from '../release-record.ts';
import { stageWith } from '../simulated-stage.ts';
import { draw, KEY, tick } from './tick.ts';

const FINGERPRINT = releaseFingerprint({ key: KEY, version: 'v1' });
const NAME = trialFunction(STAGE, FINGERPRINT);

/** A stage with a function that v1 was tried with, and the record of that release, if any. */
async function stageOf(release: Partial<ReleaseRecord> | undefined, tags = trialTags(STAGE, FINGERPRINT)) {
  const world = await stageWith();
  draw(world, { stable: 'v1', kept: [] });
  const spec = { ...functionSpec({ wanted: wantedOf() }, world.settings.consumers), name: NAME, tags };
  await world.pass(60);
  expect(world.functions.create(spec, { key: KEY, version: 'v1' })).toMatchObject({ kind: 'created' });
  await world.pass(60);
  if (release !== undefined) {
    world.releases.write(releaseRecord({ version: 'v1', aliveAtMs: world.nowMs(), ...release }));
  }
  return world;
}

function isThere(world: World): boolean {
  return world.functions.byName.has(NAME);
}

describe('a function that a release was tried with', () => {
  it.each<[string, Partial<ReleaseRecord> | undefined]>([
    ['has been admitted', { state: 'Rolling' }],
    ['was rejected', { state: 'Rejected' }],
    ['is gone from the table', undefined],
  ])('goes where a crash has left it behind and the release %s', async (_title, release) => {
    const world = await stageOf(release);
    expect((await tick(world)).releases.deletedTrials).toBe(1);
    expect(isThere(world)).toBe(false);
  });

  it('stays while the release is being checked', async () => {
    const world = await stageOf({ state: 'Checking' });
    expect((await tick(world)).releases.deletedTrials).toBe(0);
    expect(isThere(world)).toBe(true);
  });

  it.each([
    ['without tags', {}],
    ['of another stage', trialTags('other', FINGERPRINT)],
    ['of another release', trialTags(STAGE, 'f00')],
  ])('stays where it is not ours: one %s', async (_title, tags) => {
    const world = await stageOf(undefined, tags);
    expect((await tick(world)).releases.deletedTrials).toBe(0);
    expect(isThere(world)).toBe(true);
  });

  it('stays where there are more releases than can be looked through', async () => {
    const world = await stageOf(undefined);
    const page = async () => ({ items: [], cursor: 'more' });
    const { releases } = await tick(world, (ports) => ({
      ...ports,
      releases: Object.assign(Object.create(ports.releases), { page }),
    }));
    expect(releases.deletedTrials).toBe(0);
    expect(isThere(world)).toBe(true);
  });
});
