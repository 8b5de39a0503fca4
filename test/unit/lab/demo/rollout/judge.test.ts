import { describe, expect, it } from '@jest/globals';
import type { Attempt } from '../../../../../lab/demo/rollout/attempts.ts';
import { groupResults, judge, type Story } from '../../../../../lab/demo/rollout/judge.ts';
import { closingTable, resultOf } from '../../../../../lab/demo/rollout/report.ts';
import { releaseRecord } from '../../../functions/release-record.ts';

const wave = (number: number, atMs: number) =>
  ({ kind: 'wave', release: 2, number, of: 2, pipelines: number === 1 ? 1 : 2, atMs }) as const;
const WAVES = [
  { reach: 0.1, canaries: true, pipelines: 1 },
  { reach: 1, canaries: true, pipelines: 2 },
];

/** Attempts of one group one after another: release and fate of task 1, 2, … */
const ran = (pipelineId: string, fromMs: number, ...attempts: readonly Partial<Attempt>[]): Attempt[] =>
  attempts.map((one, index) => {
    const startedAtMs = fromMs + index * 1000;
    const stamps = { startedAtMs, endedAtMs: startedAtMs + 500 };
    return { pipelineId, task: index + 1, release: 1, fate: 'done', ...stamps, ...one };
  });

/** `a` goes first with release 2, `b` with release 3, which fails its task 3. */
const GOOD_STORY: Story = {
  groups: ['a', 'b', 'c'].map((pipelineId) => ({ pipelineId, limit: 1 })),
  accepted: new Map([
    ['a', 2],
    ['b', 3],
    ['c', 2],
  ]),
  attempts: [
    ...ran('a', 0, {}, { release: 2 }),
    ...ran('b', 2000, {}, { release: 2 }, { release: 3, fate: 'failed' }, { release: 2, task: 3 }),
    ...ran('c', 2000, {}, { release: 2 }),
  ],
  deadLetters: new Map(),
  releaseAtEnd: new Map([
    ['a', 2],
    ['b', 2],
    ['c', 2],
  ]),
  timeline: [wave(1, 500), wave(2, 2500)],
  beganAtMs: 0,
  good: releaseRecord({ state: 'Done', waves: WAVES, wave: 1 }),
  bad: releaseRecord({ state: 'RolledBack', returned: true, redriven: 1, waves: WAVES, wave: 0 }),
};

const brokenPromises = (story: Story) =>
  judge(story)
    .filter(({ isSo }) => !isSo)
    .map(({ promise }) => promise);

describe('the verdict on a rollout', () => {
  it('is that all is as promised, where it is', () => {
    expect(brokenPromises(GOOD_STORY)).toEqual([]);
    expect(groupResults(GOOD_STORY)[1]).toMatchObject({ done: 3, failed: 1, releases: [1, 2, 3, 2] });
    expect(closingTable(resultOf(GOOD_STORY))).toContain('1 → 2 → 3 → 2');
  });

  const more = (...attempts: readonly Attempt[]): Story => ({
    ...GOOD_STORY,
    attempts: [...GOOD_STORY.attempts, ...attempts].sort((a, b) => a.startedAtMs - b.startedAtMs),
  });
  const brokenOff: Attempt = { pipelineId: 'c', task: 1, release: 1, startedAtMs: 0, fate: 'brokenOff' };

  it.each<[string, Story, readonly string[]]>([
    [
      'a task that was accepted and never done',
      { ...GOOD_STORY, accepted: new Map([...GOOD_STORY.accepted, ['c', 3]]) },
      ['no task is lost'],
    ],
    [
      'a dead letter at the end',
      { ...GOOD_STORY, deadLetters: new Map([['b', 1]]) },
      ['no task is lost', 'tasks that failed under it are sent again and done'],
    ],
    ['an attempt that was broken off', more(brokenOff), ['tasks finish on the code they started with']],
    [
      'two tasks at once where one is allowed',
      more(...ran('c', 3200, { release: 2, task: 2 })),
      ['no group runs above its limit'],
    ],
    [
      'a good release that stopped on its way',
      { ...GOOD_STORY, good: { ...GOOD_STORY.good, state: 'Aborted' } },
      ['the good release reaches every pipeline'],
    ],
    [
      'a pipeline that was ahead of its wave',
      { ...GOOD_STORY, timeline: [wave(1, 500), wave(2, 3001)] },
      ['it goes out in waves, one pipeline first'],
    ],
    [
      'a first wave without a task',
      { ...GOOD_STORY, timeline: [wave(1, 500), wave(2, 900)] },
      ['it goes out in waves, one pipeline first'],
    ],
    [
      'a bad release that not everybody has given back',
      { ...GOOD_STORY, bad: { ...GOOD_STORY.bad, returned: false } },
      ['the bad release is stopped at the canary and taken back'],
    ],
    [
      'a second pipeline that ran the bad release',
      more(...ran('c', 5000, { release: 3 }), ...ran('c', 6000, { release: 2 })),
      ['no other pipeline sees it'],
    ],
    [
      'old code after new',
      more(...ran('a', 3000, {}, { release: 2 })),
      ['a pipeline runs old code until its switch and new code from it on'],
    ],
    [
      'nothing that was sent again',
      { ...GOOD_STORY, bad: { ...GOOD_STORY.bad, redriven: 0 } },
      ['tasks that failed under it are sent again and done'],
    ],
    [
      'a pipeline that ends on another release',
      { ...GOOD_STORY, releaseAtEnd: new Map([...GOOD_STORY.releaseAtEnd, ['b', 3]]) },
      ['everybody ends on the good release'],
    ],
  ])('is not that all is well with %s', (_, story, broken) => {
    expect(brokenPromises(story)).toEqual(broken);
    expect(resultOf(story).problems).toHaveLength(broken.length);
  });
});
