import { describe, expect, it } from '@jest/globals';
import { actionsFor } from '../../../../core/flow/group-change.ts';
import type { GroupState, Hold } from '../../../../core/flow/hold.ts';
import { AWS_TIMINGS } from '../../../../core/stage-settings.ts';

const NOW_MS = Date.UTC(2026, 0, 1);

function hold(leftSeconds: number, sinceSeconds = 0, cause: Hold['cause'] = 'throttled'): GroupState {
  const untilMs = NOW_MS + leftSeconds * 1000;
  return { hold: { sinceMs: NOW_MS + sinceSeconds * 1000, untilMs, cause, guesses: 2 } };
}

const open: GroupState['breaker'] = {
  state: 'open',
  sinceMs: NOW_MS,
  untilMs: NOW_MS + 300_000,
  opened: 3,
  evidence: { tasks: 20, failed: 15 },
};
const halfOpen: GroupState['breaker'] = {
  state: 'halfOpen',
  sinceMs: NOW_MS,
  opened: 3,
  probes: [],
  succeeded: 1,
};
const closed: GroupState['breaker'] = { state: 'closed', sinceMs: NOW_MS, opened: 3 };

function actions(before?: GroupState, after?: GroupState, isExpiry = false) {
  return actionsFor({ pipelineId: 'a', before, after, isExpiry }, AWS_TIMINGS, NOW_MS);
}

/** Runs that are started: now, or so many seconds from now. */
function runs(before?: GroupState, after?: GroupState, isExpiry = false) {
  return actions(before, after, isExpiry).flatMap((action) => {
    if (action.kind === 'tell' || action.kind === 'pull') return [];
    return [action.kind === 'look' ? 'now' : (action.atMs - NOW_MS) / 1000];
  });
}

function tidings(before?: GroupState, after?: GroupState, isExpiry = false) {
  return actions(before, after, isExpiry).flatMap((action) =>
    action.kind === 'tell' ? [[action.detailType, action.detail]] : [],
  );
}

describe('a change of what a group shares starts', () => {
  it.each<[string, GroupState | undefined, GroupState | undefined, unknown[]]>([
    ['nothing for a short hold', undefined, hold(120), []],
    [
      'a rest, and wakes a little before its end and then, for a long one',
      undefined,
      hold(600),
      ['now', 556, 601],
    ],
    ['the same for an open breaker', undefined, { breaker: open }, ['now', 256, 301]],
    ['both for one that is prolonged', hold(600), hold(900), ['now', 856, 901]],
    ['a wake for one that is prolonged by little at its end', hold(30, -600), hold(100, -600), [56, 101]],
    ['a wake where a long hold gave way to a short one', hold(30, -600), hold(100, 0, 'breaker'), [56, 101]],
    ['one at the end where it is too late to be early', hold(30, -600), hold(44, -600), [45]],
    ['nothing for a short one after a short one', hold(10, -50), hold(100), []],
    ['a run for a hold that somebody has ended', hold(600, -60), undefined, ['now']],
    ['a run for a hold that somebody has shortened', hold(600, -60), hold(20, -60), ['now', 21]],
    ['a run, and a wake, where it is still long', hold(900, -60), hold(600, -60), ['now', 556, 601]],
    ['nothing where a hold was over anyway', hold(-5, -60), undefined, []],
    ['nothing where its waking was due anyway', hold(45, -600), undefined, []],
    [
      'nothing where only the breaker closes',
      { ...hold(600), breaker: halfOpen },
      { ...hold(600), breaker: closed },
      [],
    ],
    ['nothing where nothing changes', hold(600), hold(600), []],
    ['nothing for what has no hold', undefined, undefined, []],
  ])('%s', (_what, before, after, started) => {
    expect(runs(before, after)).toEqual(started);
  });

  it('a wake a day ahead at most: what people type may be any number', () => {
    expect(runs(undefined, hold(1e15))).toEqual(['now', 86_401, 86_401]);
  });

  it('a wake a second late rather than early, at a whole second', () => {
    expect(runs(undefined, hold(600.2))).toEqual(['now', 557, 602]);
  });
});

describe('a change of what a group shares pulls starts back', () => {
  const endedMs = NOW_MS + 5_000;

  it.each<[string, GroupState | undefined, GroupState | undefined, number[]]>([
    ['where somebody has ended a hold', hold(5, -60), undefined, [endedMs]],
    ['also that of a breaker', { ...hold(5, -60, 'breaker'), breaker: open }, { breaker: open }, [endedMs]],
    ['where somebody has shortened it', hold(5, -60), hold(4, -60), [endedMs]],
    ['not where it is prolonged', hold(5, -60), hold(9, -60), []],
    ['not where it is over anyway', hold(0, -60), undefined, []],
    ['not where there is none', { breaker: halfOpen }, { breaker: closed }, []],
  ])('%s', (_what, before, after, ended) => {
    const pulls = (isExpiry: boolean) =>
      actions(before, after, isExpiry).flatMap((action) => (action.kind === 'pull' ? [action.endedMs] : []));
    expect([pulls(false), pulls(true)]).toEqual([ended, []]);
  });
});

describe('a change of what a group shares tells', () => {
  it.each<[string, GroupState | undefined, GroupState | undefined, string, string]>([
    ['a first hold', undefined, hold(5), 'free', 'held'],
    ['a hold after one that was over', hold(-5, -60), hold(5), 'free', 'held'],
    ['a hold that is prolonged', hold(5, -60), hold(9, -60), 'held', 'held'],
    ['a hold of another cause', hold(5, -60), hold(5, 0, 'breaker'), 'held', 'held'],
    ['a hold that somebody has ended', hold(5, -60), undefined, 'held', 'free'],
  ])('%s', (_what, before, after, from, to) => {
    const { hold: now } = after ?? {};
    const evidence = now && { cause: now.cause, sinceMs: now.sinceMs, guesses: 2 };
    const detail = { pipelineId: 'a', from, to, ...(now && { untilMs: now.untilMs, evidence }) };
    expect(tidings(before, after)).toEqual([['Group hold changed', detail]]);
  });

  it.each<[string, GroupState['breaker'], GroupState['breaker'], object]>([
    [
      'a breaker that opens, until when and for what',
      undefined,
      open,
      {
        from: 'closed',
        to: 'open',
        untilMs: NOW_MS + 300_000,
        evidence: { sinceMs: NOW_MS, opened: 3, tasks: 20, failed: 15 },
      },
    ],
    [
      'one that tries',
      open,
      halfOpen,
      { from: 'open', to: 'halfOpen', evidence: { sinceMs: NOW_MS, opened: 3, succeeded: 1 } },
    ],
    [
      'one that closes',
      halfOpen,
      closed,
      { from: 'halfOpen', to: 'closed', evidence: { sinceMs: NOW_MS, opened: 3 } },
    ],
    ['one that somebody has removed', open, undefined, { from: 'open', to: 'closed', evidence: {} }],
  ])('%s', (_what, before, after, detail) => {
    const [was, is] = [before, after].map((breaker) => (breaker ? { breaker } : {}));
    expect(tidings(was, is)).toEqual([['Breaker state changed', { pipelineId: 'a', ...detail }]]);
  });

  it.each<[string, GroupState | undefined, GroupState | undefined]>([
    ['a probe more', { breaker: halfOpen }, { breaker: { ...halfOpen, succeeded: 2 } as typeof halfOpen }],
    ['the same once more', { ...hold(600), breaker: open }, { ...hold(600), breaker: open }],
    ['a breaker that begins closed', undefined, { breaker: closed }],
  ])('nothing of %s', (_what, before, after) => {
    expect(tidings(before, after)).toEqual([]);
  });

  it('nothing, and starts nothing, where DynamoDB has removed what was over long ago', () => {
    expect(actions({ ...hold(600), breaker: open }, undefined, true)).toEqual([]);
  });
});
