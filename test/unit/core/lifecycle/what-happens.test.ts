import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../../core/lifecycle/decide.ts';
import { type EndingFacts, endingOf, type Fate } from '../../../../core/lifecycle/what-happens.ts';
import { endingWords } from '../../../../core/lifecycle/what-happens-words.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { NOW_MS, settledStatus, target, unmade } from './records.ts';

const counts = { visible: 2, delayed: 1, inFlight: 2 };
const lease = { owner: 'x', untilMs: NOW_MS + 1_000, busyUntilMs: NOW_MS, pending: false };
const rejection = { phase: 'Rejected', error: { code: 'Invalid', message: 'no', at: '' } } as const;
const discard = { onDelete: 'discard' };
const applied = (fields: Record<string, unknown>, enabled = fields.paused !== true) => ({
  applied: target(fields, { enabled }),
});
const minutes = (count: number) => NOW_MS + count * 60_000;
const drained = { kind: 'drained', limitMs: minutes(15) } as const;
const open = (untilMs: number) =>
  ({ breaker: { state: 'open', sinceMs: NOW_MS, untilMs, opened: 1 } }) as const;

interface Case {
  readonly rule: string;
  readonly status: StatusRecord | undefined;
  readonly facts?: Partial<EndingFacts>;
  readonly fate: Fate;
  /** Of all that is said. */
  readonly says: string;
  readonly more?: object;
}

const cases: readonly Case[] = [
  {
    rule: 'what runs drains, and what is left is kept',
    status: settledStatus(),
    fate: drained,
    says: '5 tasks may run for up to 15 min, what is left then is kept in the salvage bucket',
  },
  {
    rule: 'how long it drains is what was applied',
    status: settledStatus(applied({ drainTimeoutSeconds: 60 })),
    facts: { record: { drainTimeoutSeconds: 5 } },
    fate: { kind: 'drained', limitMs: minutes(1) },
    says: 'for up to 1 min,',
  },
  {
    rule: 'discard is gone by where it was applied',
    status: settledStatus(applied(discard)),
    facts: { record: discard, deadLetters: 3 },
    fate: { kind: 'discarded' },
    says: '5 tasks and 3 dead letters deleted for good, kept nowhere (onDelete: discard)',
  },
  {
    rule: 'discard that is asked for may come first',
    status: settledStatus(),
    facts: { record: discard },
    fate: drained,
    says: 'onDelete discard is asked for and not applied yet: where that comes first',
    more: { asked: 'discard', mayDiscard: true },
  },
  {
    rule: 'a rejected edit never discards, here of a forced-open breaker',
    status: settledStatus({ ...applied({ breaker: { force: 'open' } }, false), ...rejection }),
    facts: { record: { ...discard, concurrency: -1 } },
    fate: { kind: 'kept', why: 'forcedOpen' },
    says: 'its breaker is forced open, so none starts; its record says onDelete discard, which is not applied',
    more: { asked: 'discard', mayDiscard: false },
  },
  {
    rule: 'a rejected edit saves nothing either',
    status: settledStatus({ ...applied(discard), ...rejection }),
    facts: { record: { onDelete: 'drain', concurrency: -1 } },
    fate: { kind: 'discarded' },
    says: 'its record says onDelete drain, which is not applied',
    more: { asked: 'drain' },
  },
  {
    rule: 'a change that did not settle discards nothing',
    status: settledStatus({ ...applied(discard), dirty: true, phase: 'Failed' }),
    fate: drained,
    says: 'may run for up to',
  },
  {
    rule: 'a change under way may come to discard',
    status: settledStatus({
      dirty: true,
      lease,
      run: {
        kind: 'update',
        step: 'UpdateFunction',
        startedAtMs: NOW_MS,
        verify: false,
        target: target(discard),
      },
    }),
    fate: drained,
    says: 'all are deleted for good',
    more: { mayDiscard: true },
  },
  {
    rule: 'one that is paused is not woken, whatever its record asks by now',
    status: settledStatus(applied({ paused: true })),
    facts: { record: { paused: false } },
    fate: { kind: 'kept', why: 'paused' },
    says: '5 tasks kept in the salvage bucket: it is paused, and is not woken',
  },
  {
    rule: 'one that rests for a forced breaker is not woken',
    status: settledStatus({
      ...applied({ breaker: { force: 'open' } }, false),
      hold: { cause: 'forced' },
      resting: true,
    }),
    fate: { kind: 'kept', why: 'forcedOpen' },
    says: 'its breaker is forced open',
  },
  {
    rule: 'one whose forced breaker has not brought it to rest yet starts nothing either',
    status: settledStatus(applied({ breaker: { force: 'open' } })),
    fate: { kind: 'kept', why: 'forcedOpen' },
    says: 'none starts',
  },
  {
    rule: 'one that rests for a hold is not woken',
    status: settledStatus({
      ...applied({}, false),
      hold: { cause: 'throttled', untilMs: minutes(3) },
      resting: true,
    }),
    fate: { kind: 'kept', why: 'held' },
    says: 'its group is held for longer',
  },
  {
    rule: 'one that rests idle is not woken',
    status: settledStatus({ ...applied({}, false), resting: true }),
    fate: { kind: 'kept', why: 'resting' },
    says: 'its consumer rests, and is not woken',
  },
  {
    rule: 'a short hold takes its time off the drain',
    status: settledStatus(),
    facts: { group: { hold: { sinceMs: 0, untilMs: minutes(1), cause: 'throttled', guesses: 0 } } },
    fate: { ...drained, startsMs: minutes(1), waitsFor: 'held' },
    says: 'its group is held for another 1 min; 5 tasks may run for up to 15 min',
  },
  {
    rule: 'an open breaker takes its time off the drain',
    status: settledStatus(applied({ breaker: {} })),
    facts: { group: open(minutes(2)) },
    fate: { ...drained, startsMs: minutes(2), waitsFor: 'breakerOpen' },
    says: 'its breaker is open for another 2 min',
  },
  {
    rule: 'an open breaker that its record has no more holds nobody',
    status: settledStatus(),
    facts: { group: open(minutes(2)) },
    fate: drained,
    says: '5 tasks may run',
  },
  {
    rule: 'who is held for longer than the drain starts nothing',
    status: settledStatus(applied({ breaker: {} })),
    facts: { group: open(minutes(20)) },
    fate: { kind: 'kept', why: 'held' },
    says: 'so none starts',
  },
  {
    rule: 'one that was never applied has no queue',
    status: unmade(rejection),
    facts: { record: discard },
    fate: { kind: 'nothing' },
    says: 'it has no queue, nothing is lost',
  },
  {
    rule: 'one whose making broke off has taken no tasks, and is looked through all the same',
    status: unmade({ built: true, dirty: true, phase: 'Failed' }),
    fate: { kind: 'kept', why: 'unfinished' },
    says: 'it was never finished',
  },
  { rule: 'one that nobody knows', status: undefined, fate: { kind: 'nothing' }, says: 'nothing is lost' },
  {
    rule: 'one that drains goes on as it began, with the time that is left',
    status: settledStatus({
      ...applied(discard),
      phase: 'Draining',
      dirty: true,
      closing: { sinceMs: minutes(-5), processingOver: false },
    }),
    fate: { kind: 'drained', limitMs: minutes(10) },
    says: 'it is taken down already: 5 tasks may run for up to 10 min',
    more: { isUnderWay: true, mayDiscard: false },
  },
  {
    rule: 'one that began to discard goes on so',
    status: settledStatus({
      phase: 'Draining',
      dirty: true,
      closing: { sinceMs: NOW_MS, discard: true, processingOver: false },
    }),
    fate: { kind: 'discarded' },
    says: 'it is taken down already: 5 tasks deleted for good',
  },
  {
    rule: 'one whose consumer is stopped is salvaged',
    status: settledStatus({
      phase: 'Deleting',
      dirty: true,
      closing: { sinceMs: NOW_MS, processingOver: true },
    }),
    fate: { kind: 'kept', why: 'stopped' },
    says: 'its consumer is stopped',
  },
];

describe('what becomes of tasks whose pipeline’s record is deleted', () => {
  it.each(cases)('$rule', ({ status, facts, fate, says, more }) => {
    const ending = endingOf({ status, counts, deadLetters: 0, nowMs: NOW_MS, ...facts });
    expect(ending).toMatchObject({ fate, mayDiscard: false, ...more });
    const { tasks, letters, note } = endingWords(ending);
    expect([tasks, letters, note].filter((one) => one !== undefined).join('; ')).toContain(says);
  });

  it.each(cases)('is what the teardown does: $rule', ({ status, facts }) => {
    const { fate } = endingOf({ status, nowMs: NOW_MS, ...facts });
    const decision = decide({ kind: 'gone' }, status, false);
    expect(fate.kind === 'discarded').toBe(decision.kind === 'teardown' && decision.run === 'discard');
    expect(fate.kind === 'nothing').toBe(decision.kind !== 'teardown');
    // Kept, too, is what drains in vain; never the other way round.
    if (fate.kind === 'drained') expect(decision).toMatchObject({ run: 'drain' });
  });

  it('says of dead letters that they are kept, too, and of empty queues that nothing is lost', () => {
    const of = (facts: Partial<EndingFacts>) =>
      endingWords(endingOf({ status: settledStatus(), nowMs: NOW_MS, ...facts }));
    expect(of({ counts, deadLetters: 1 }).letters).toBe('1 dead letter kept there, too');
    expect(of({ counts, deadLetters: 0 })).not.toHaveProperty('letters');
    expect(of({}).tasks).toContain('what is left may run');
    const empty = { visible: 0, delayed: 0, inFlight: 0 };
    expect(of({ counts: empty, deadLetters: 0 })).toEqual({
      tasks: 'its queues are empty, nothing is lost',
    });
  });
});
