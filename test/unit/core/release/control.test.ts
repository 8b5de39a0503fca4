import { describe, expect, it } from '@jest/globals';
import {
  CONTROLS,
  type Control,
  type ControlDecision,
  controlRequestSchema,
  decideControl,
} from '../../../../core/release/control.ts';
import { RELEASE_STATES, type ReleaseRecord, type ReleaseState } from '../../../../core/release/record.ts';
import { release } from './releases.ts';

/** The table: what an action comes to in a state, not paused, with a former release to go back to. */
const TABLE: Readonly<Record<ReleaseState, Readonly<Record<Control, ControlDecision['kind']>>>> = {
  Checking: { pause: 'pause', resume: 'nothing', abort: 'abort', rollback: 'refused', retry: 'refused' },
  Canary: { pause: 'pause', resume: 'nothing', abort: 'abort', rollback: 'rollBack', retry: 'refused' },
  Rolling: { pause: 'pause', resume: 'nothing', abort: 'abort', rollback: 'rollBack', retry: 'refused' },
  Baking: { pause: 'pause', resume: 'nothing', abort: 'abort', rollback: 'rollBack', retry: 'refused' },
  Done: { pause: 'refused', resume: 'refused', abort: 'refused', rollback: 'rollBack', retry: 'nothing' },
  RolledBack: { pause: 'refused', resume: 'refused', abort: 'refused', rollback: 'nothing', retry: 'retry' },
  Rejected: { pause: 'refused', resume: 'refused', abort: 'refused', rollback: 'refused', retry: 'retry' },
  Superseded: { pause: 'refused', resume: 'refused', abort: 'refused', rollback: 'rollBack', retry: 'retry' },
  Aborted: { pause: 'refused', resume: 'refused', abort: 'nothing', rollback: 'rollBack', retry: 'retry' },
};

const OPEN = ['Checking', 'Canary', 'Rolling', 'Baking'] as const;
const cases = RELEASE_STATES.flatMap((state) => CONTROLS.map((action) => ({ action, state })));

const decided = (action: Control, fields: Partial<ReleaseRecord>, goesBackTo: string | undefined = 'v0') =>
  decideControl(action, release({ returned: true, ...fields }), goesBackTo);

describe('a rollout by hand', () => {
  it.each(cases)('$action of one that is $state', ({ action, state }) => {
    expect(decided(action, { state }).kind).toBe(TABLE[state][action]);
  });

  it.each(OPEN)('that is %s and paused can be resumed, and need not be paused', (state) => {
    expect(decided('resume', { state, paused: true })).toEqual({ kind: 'resume' });
    expect(decided('pause', { state, paused: true })).toEqual({
      kind: 'nothing',
      message: 'it is paused already',
    });
    expect(decided('retry', { state, paused: true })).toEqual({
      kind: 'refused',
      message: `it is ${state}, paused: use resume`,
    });
  });

  it.each(cases.filter(({ action }) => action === 'abort' || action === 'rollback'))(
    '$action of one that is $state is the same while it is paused',
    ({ action, state }) => {
      expect(decided(action, { state, paused: true })).toEqual(decided(action, { state }));
    },
  );

  it.each(RELEASE_STATES)('that is %s is rolled back only to a former release', (state) => {
    const without = decideControl('rollback', release({ state }), undefined);
    const expected = TABLE[state].rollback === 'rollBack' ? 'refused' : TABLE[state].rollback;
    expect(without.kind).toBe(expected);
  });

  it('that was superseded and that nobody keeps has another one in its place to roll back', () => {
    expect(decideControl('rollback', release({ state: 'Superseded' }), undefined)).toEqual({
      kind: 'refused',
      message: 'it is Superseded: roll back the release that took its place',
    });
  });

  it.each([false, undefined])('is not begun again while pipelines still go back: returned %s', (returned) => {
    const { returned: _none, ...record } = release({ state: 'RolledBack' });
    const going = returned === undefined ? record : { ...record, returned };
    expect(decideControl('retry', going, 'v0')).toEqual({
      kind: 'refused',
      message: 'pipelines are still going back: try again once all have',
    });
  });

  it.each(cases)('$action of one that is $state says why if it does nothing', ({ action, state }) => {
    const decision = decided(action, { state });
    if (decision.kind === 'refused' || decision.kind === 'nothing') {
      expect(decision.message).toMatch(/^(it is|there is|pipelines are) \S/);
    }
  });
});

describe('a request', () => {
  it('is for the newest release of the default key unless it says otherwise', () => {
    expect(controlRequestSchema.parse({ action: 'pause' })).toEqual({
      action: 'pause',
      codeKey: 'consumer.zip',
    });
    const full = { action: 'rollback', codeKey: 'team/a.zip', version: 'v1', reason: 'too slow' };
    expect(controlRequestSchema.parse(full)).toEqual(full);
  });

  it.each([
    {},
    { action: 'stop' },
    { action: 'pause', key: 'consumer.zip' },
    { action: 'pause', codeKey: '' },
    { action: 'pause', version: '' },
    { action: 'pause', reason: 'x'.repeat(501) },
  ])('is refused if it is none: %j', (request) => {
    expect(controlRequestSchema.safeParse(request).success).toBe(false);
  });
});
