import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checkStage } from '../../../../operator/serverless-plugin/stage-options.ts';

const file = new URL('../../../../stages.yml', import.meta.url);
const settings = parse(readFileSync(file, 'utf8'), { merge: true }) as Record<
  string,
  Record<string, unknown>
>;
const plain = settings.default ?? {};
const timings = plain.timings as Record<string, number>;
const rollout = plain.rollout as Record<string, number>;
const consumers = plain.consumers as Record<string, unknown>;

describe('checking a stage before it is packaged', () => {
  it.each(Object.keys(settings))('finds nothing wrong with the settings of %s', (name) => {
    expect(checkStage('dev', settings[name])).toEqual([]);
  });

  it.each(['', 'Prod', 'my-stage', 'elevenchars', 'pipe'])('refuses the name "%s"', (stage) => {
    expect(checkStage(stage, plain)).toEqual([expect.stringContaining(`got "${stage}"`)]);
  });

  it.each<[string, unknown, RegExp]>([
    ['a setting that nobody knows', { ...plain, orphan: 'drain' }, /orphan/],
    ['a setting of the wrong kind', { ...plain, orphans: 'delete' }, /orphans/],
    [
      'a budget over what AWS allows',
      { ...plain, controlPlanePerSecond: 16 },
      /CONTROL_PLANE_PER_SECOND.*15/,
    ],
    [
      'a lease shorter than its holder’s wait',
      { ...plain, timings: { ...timings, leaseSeconds: 60 } },
      /LEASE_SECONDS/,
    ],
    [
      'a share of more than all',
      { ...plain, rollout: { ...rollout, canaryShare: 2 } },
      /ROLLOUT_CANARY_SHARE must be a number from 0 to 1, got "2"/,
    ],
    ['half of a rollout’s settings', { ...plain, rollout: { growth: 2 } }, /rollout\.canaryShare/],
    ['another source of health', { ...plain, healthSource: 'guess' }, /healthSource/],
    ['a bucket by its name', { ...plain, sourceBuckets: ['documents'] }, /sourceBuckets.*ARN of a bucket/],
    [
      'subnets without security groups',
      { ...plain, consumers: { ...consumers, subnetIds: ['s'] } },
      /SECURITY_GROUP/,
    ],
    ['no settings at all', undefined, /stages\.yml/],
  ])('refuses %s and says which', (_title, options, said) => {
    expect(checkStage('dev', options).join('\n')).toMatch(said);
  });
});
