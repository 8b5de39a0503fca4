import { describe, expect, it } from '@jest/globals';
import { decideBeginning } from '../../../../core/redrive/begin.ts';
import { paceOf } from '../../../../core/redrive/pace.ts';
import {
  afterSlice,
  planStep,
  type Slice,
  waitSeconds,
  withLook,
  withSent,
  withSlice,
} from '../../../../core/redrive/progress.ts';
import {
  handOver,
  newRedrive,
  type RedriveRecord,
  redriveRecordSchema,
} from '../../../../core/redrive/record.ts';

const NOW = 1_800_000_000_000;
const pace = paceOf({ concurrency: 2, rateLimits: [], batchSize: 1 }, 1);
const counts = (visible: number, inFlight = 0) => ({ visible, inFlight, delayed: 0 });
const begun = (fields: Partial<RedriveRecord> = {}): RedriveRecord => ({
  ...newRedrive('a', undefined, { maxRedrives: 3 }, NOW),
  ...fields,
});
const slice = (fields: Partial<Slice> = {}): Slice => ({
  sent: 0,
  failed: 0,
  stayed: {},
  unread: 100,
  end: 'through',
  ...fields,
});
const look = { begunAtMs: NOW, hiddenSeconds: 40, unread: 100, sent: 0 };

/** Whether it is the same look that goes on: nothing is waited for, and there may be more than it has sent. */
const goesOn = ({ look: begunLook }: RedriveRecord, waitsFor: string | undefined) =>
  waitsFor === undefined && begunLook?.sent === 0;

describe('how a redrive goes on', () => {
  it.each([
    [
      'is over where it has sent as many as were asked for',
      begun({ first: 3, sent: 3 }),
      'enough',
      counts(9),
      'Done',
      0,
    ],
    [
      'waits for its pace where it has sent as many as it may for now',
      begun(),
      'enough',
      counts(9),
      'pace',
      3,
    ],
    ['goes on at once where its time was over', begun(), 'time', counts(9), undefined, 1],
    ['is over where nothing is left', begun({ look }), 'through', counts(0), 'Done', 0],
    [
      'is over where all that are left have been looked at, and stay',
      begun({ look, skipped: { otherReason: 4, newer: 1, tooOften: 2, notSent: 0 } }),
      'through',
      counts(1, 6),
      'Done',
      0,
    ],
    [
      'waits for those that are out of sight and were not looked at',
      begun({ look, skipped: { otherReason: 4, newer: 0, tooOften: 0, notSent: 0 } }),
      'through',
      counts(0, 6),
      'hiddenLetters',
      40,
    ],
    [
      'goes on with its look soon where some have come into sight since its last receive',
      begun({ look, skipped: { otherReason: 0, newer: 1, tooOften: 0, notSent: 0 } }),
      'through',
      counts(1, 1),
      undefined,
      7,
    ],
    [
      'begins another look where letters of this one would come up again before it asked for those',
      begun({
        look: { ...look, begunAtMs: NOW - 34_000 },
        skipped: { otherReason: 0, newer: 1, tooOften: 0, notSent: 0 },
      }),
      'through',
      counts(1, 1),
      'hiddenLetters',
      40,
    ],
    [
      'waits for those that somebody else keeps out of sight, also where others are in sight',
      begun({ look, skipped: { otherReason: 0, newer: 1, tooOften: 0, notSent: 0 } }),
      'through',
      counts(1, 2),
      'hiddenLetters',
      40,
    ],
    [
      'looks anew where some are said to be there that no receive of a long look has found',
      begun({ look: { ...look, begunAtMs: NOW - 40_000 } }),
      'through',
      counts(6),
      'hiddenLetters',
      30,
    ],
    [
      'looks again for what SQS did not take',
      begun({ look, skipped: { otherReason: 0, newer: 0, tooOften: 0, notSent: 6 } }),
      'through',
      counts(0, 6),
      'hiddenLetters',
      40,
    ],
    [
      'looks again after a look so long that letters that stay may have been counted twice',
      begun({
        look: { ...look, begunAtMs: NOW - 40_000 },
        skipped: { otherReason: 9, newer: 0, tooOften: 0, notSent: 0 },
      }),
      'through',
      counts(0, 6),
      'hiddenLetters',
      40,
    ],
    [
      'looks again at once where letters that stay have come up twice, and others were found among them',
      begun({ look: { ...look, unread: 0, sent: 1 } }),
      'around',
      counts(9),
      undefined,
      1,
    ],
    [
      'waits where letters that stay have come up twice, and nothing was found',
      begun({ look: { ...look, unread: 0 } }),
      'around',
      counts(9),
      'hiddenLetters',
      30,
    ],
    [
      'waits where more are out of sight than SQS allows',
      begun({ look }),
      'tooManyHidden',
      counts(9),
      'hiddenLetters',
      300,
    ],
    [
      'gives up where letters stay out of sight and nothing was found for ten minutes',
      begun({ look, foundAtMs: NOW - 600_000 }),
      'through',
      counts(0, 6),
      'Done',
      0,
    ],
    [
      'gives up where SQS allows no more for ten minutes',
      begun({ look, foundAtMs: NOW - 600_000 }),
      'tooManyHidden',
      counts(0, 6),
      'Done',
      0,
    ],
  ] as const)('%s', (_what, record, end, left, expected, seconds) => {
    const next = afterSlice(record, end, left, pace, NOW);
    expect(redriveRecordSchema.parse(next)).toEqual(next);
    if (expected === 'Done') {
      expect(next).toMatchObject({ state: 'Done', because: expect.any(String) });
      expect(next).not.toHaveProperty('look');
      return;
    }
    expect([next.state, next.waitsFor, waitSeconds(next)]).toEqual(['Running', expected, seconds]);
    // A new look begins where the last one came to its end; whoever waits for nothing goes on with it.
    const isAtEnd = ['through', 'around', 'tooManyHidden'].includes(end) && !goesOn(record, expected);
    expect(next.look === undefined).toBe(isAtEnd || record.look === undefined);
  });

  it('is over once the same look has come upon those that came late', () => {
    const first = afterSlice(
      withSlice(withLook(begun(), counts(2), NOW), slice({ stayed: { newer: 1 }, unread: 99 }), NOW),
      'through',
      counts(1, 1),
      pace,
      NOW,
    );
    expect([first.state, first.waitsFor, waitSeconds(first)]).toEqual(['Running', undefined, 5]);
    const later = NOW + 5_000;
    const second = withSlice(withLook(first, counts(1, 1), later), slice({ stayed: { newer: 1 } }), later);
    const end = afterSlice(second, 'through', counts(0, 2), pace, later);
    expect(end).toMatchObject({ state: 'Done', skipped: { newer: 2 } });
  });

  it('counts letters before they are sent, and takes back those that were not', () => {
    const looking = withLook(begun(), counts(500), NOW);
    expect(looking.look).toEqual({ begunAtMs: NOW, hiddenSeconds: 30, unread: 500, sent: 0 });
    expect(withLook(begun(), counts(2), NOW).look).toMatchObject({ hiddenSeconds: 30, unread: 100 });
    expect(withLook(begun(), counts(500, 1_500), NOW).look).toMatchObject({
      hiddenSeconds: 100,
      unread: 500,
    });
    expect(withLook(begun(), counts(90_000), NOW).look?.hiddenSeconds).toBe(300);
    const counted = withSent(looking, 10, pace, NOW);
    expect(counted).toMatchObject({ sent: 10, look: { sent: 10 }, foundAtMs: NOW });
    // Six were due at once; the others are a debt.
    expect(counted.nextSendMs).toBe(NOW + 4_000);
    const stayed = { otherReason: 1, newer: 2, tooOften: 3 };
    const after = withSlice(counted, slice({ sent: 6, failed: 4, stayed, unread: 90 }), NOW + 1_000);
    expect(after).toMatchObject({
      sent: 6,
      skipped: { otherReason: 1, newer: 2, tooOften: 3, notSent: 4 },
      look: { unread: 90, sent: 6 },
      foundAtMs: NOW + 1_000,
    });
    // What was found in vain is no progress.
    expect(withSlice(counted, slice({ failed: 10 }), NOW + 1_000).foundAtMs).toBe(NOW);
  });

  it('begins each look with nothing skipped, and goes on with one that is under way', () => {
    const skipped = { otherReason: 5, newer: 0, tooOften: 0, notSent: 0 };
    expect(withLook(begun({ skipped }), counts(1), NOW).skipped.otherReason).toBe(0);
    const underWay = begun({ skipped, look });
    expect(withLook(underWay, counts(900), NOW + 1)).toBe(underWay);
  });

  it('sends no more than were asked for', () => {
    expect(planStep(begun({ first: 2 }), pace, counts(0), NOW)).toEqual({ kind: 'send', most: 2 });
    expect(planStep(begun({ first: 2, sent: 1 }), pace, counts(0), NOW)).toEqual({ kind: 'send', most: 1 });
    expect(planStep(begun({ first: 2, sent: 2 }), pace, counts(900), NOW)).toMatchObject({ kind: 'over' });
    expect(planStep(begun(), pace, counts(900), NOW)).toMatchObject({ kind: 'wait', waitsFor: 'liveWork' });
  });
});

describe('asking for a redrive', () => {
  const asked = { pipelineId: 'a', wish: { maxRedrives: 3 } };
  const decide = (before: RedriveRecord | undefined, more: object = {}, nowMs = NOW) =>
    decideBeginning({ ...asked, ...more }, before, nowMs);

  it('begins one where none is under way', () => {
    for (const before of [undefined, begun({ state: 'Done' }), begun({ state: 'Stopped' })]) {
      expect(decide(before, {}, NOW + 5)).toMatchObject({
        kind: 'write',
        next: { state: 'Running', redriveId: `a-${NOW + 5}-1`, owner: `a-${NOW + 5}-1`, sent: 0 },
      });
    }
    expect(decide(undefined, { redriveId: 'mine' })).toMatchObject({
      next: { redriveId: 'mine', owner: `a-${NOW}-1` },
    });
  });

  it('under an id that was used begins nothing again', () => {
    const mine = begun({ state: 'Done', redriveId: 'mine' });
    expect(decide(mine, { redriveId: 'mine' })).toEqual({ kind: 'begun', message: 'it is Done already' });
    expect(decide(mine, { redriveId: 'other' }).kind).toBe('write');
    expect(decide(begun({ redriveId: 'mine' }), { redriveId: 'mine' }).kind).toBe('begun');
    expect(decide(begun({ redriveId: 'mine' }), { redriveId: 'other' }).kind).toBe('refused');
    expect(decide(begun({ redriveId: 'mine' })).kind).toBe('begun');
  });

  it.each([{ reason: 'bad' }, { first: 7 }, { maxRedrives: 4 }])(
    'is refused beside another one, such as of %j',
    (differs) => {
      expect(decide(begun(differs)).kind).toBe('refused');
    },
  );

  it('goes on with one that nobody has driven for a quarter of an hour after it was due', () => {
    const record = begun({ dueAtMs: NOW + 60_000, executions: 4, sent: 9 });
    expect(decide(record, {}, NOW + 960_000).kind).toBe('begun');
    const next = { ...handOver(record, NOW + 960_001), owner: `a-${NOW}-5` };
    expect(decide(record, {}, NOW + 960_001)).toMatchObject({ kind: 'write', next });
    // Or begins another one in its place.
    expect(decide(record, { redriveId: 'other' }, NOW + 960_000).kind).toBe('refused');
    expect(decide(record, { redriveId: 'other' }, NOW + 960_001)).toMatchObject({
      kind: 'write',
      next: { redriveId: 'other', executions: 1, sent: 0 },
    });
    expect(next).toMatchObject({ executions: 5, sent: 9, redriveId: record.redriveId });
  });
});
