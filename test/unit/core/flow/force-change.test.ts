import { describe, expect, it } from '@jest/globals';
import type { Breaker, BreakerSettings } from '../../../../core/flow/breaker.ts';
import { forceTidings } from '../../../../core/flow/force-change.ts';
import { PRESET } from './breaker-settings.ts';

const settings = PRESET;
const forced = (force: 'open' | 'closed'): BreakerSettings => ({ ...settings, force });
const open: Breaker = { state: 'open', sinceMs: 1, untilMs: 2, opened: 1 };
const halfOpen: Breaker = { state: 'halfOpen', sinceMs: 1, opened: 1, probes: [], succeeded: 0 };

describe('a record that has begun, or ceased, to force its breaker', () => {
  it.each<
    [
      string,
      BreakerSettings | undefined,
      BreakerSettings | undefined,
      Breaker | undefined,
      Record<string, unknown>,
    ]
  >([
    ['open', settings, forced('open'), undefined, { from: 'closed', to: 'open', forced: 'open' }],
    [
      'open as its first word',
      undefined,
      forced('open'),
      open,
      { from: 'closed', to: 'open', forced: 'open' },
    ],
    [
      'open while it tries',
      settings,
      forced('open'),
      halfOpen,
      { from: 'halfOpen', to: 'open', forced: 'open' },
    ],
    [
      'closed while it is open',
      settings,
      forced('closed'),
      open,
      { from: 'open', to: 'closed', forced: 'closed' },
    ],
    ['what it is', settings, forced('closed'), undefined, { from: 'closed', to: 'closed', forced: 'closed' }],
    [
      'the other way',
      forced('open'),
      forced('closed'),
      open,
      { from: 'open', to: 'closed', forced: 'closed' },
    ],
    ['no more', forced('open'), settings, undefined, { from: 'open', to: 'closed', forced: 'auto' }],
    [
      'no more while it tries',
      forced('open'),
      settings,
      halfOpen,
      { from: 'open', to: 'halfOpen', forced: 'auto' },
    ],
    [
      'no more while its tasks keep it open',
      forced('closed'),
      settings,
      open,
      { from: 'closed', to: 'open', forced: 'auto', untilMs: 2 },
    ],
    ['nor has one', forced('open'), undefined, open, { from: 'open', to: 'closed', forced: 'auto' }],
  ])('is told of: %s', (_what, before, after, breaker, { forced: what, ...said }) => {
    expect(forceTidings('a', before, after, breaker && { breaker })).toEqual({
      kind: 'tell',
      detailType: 'Breaker state changed',
      detail: { pipelineId: 'a', ...said, evidence: { forced: what, by: 'record' } },
    });
  });

  it('is nothing to tell where it says what it said', () => {
    for (const same of [undefined, settings, forced('open'), forced('closed')]) {
      const other = same && { ...same, minTasks: 5 };
      expect(forceTidings('a', same, other, { breaker: open })).toBeUndefined();
    }
    expect(forceTidings('a', undefined, settings, { breaker: open })).toBeUndefined();
  });
});
