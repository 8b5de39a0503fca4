import { expect, it } from '@jest/globals';
import { limitsNote } from '../../../../core/lifecycle/limits-note.ts';
import { wantedOf } from './records.ts';

it.each([
  [{}, { method: 'none', concurrency: 2, concurrencySource: 'default', usdPerMillion: 0 }],
  [
    { concurrency: 5, rateLimit: { tasks: 10, perSeconds: 2 } },
    {
      method: 'slots',
      startsPerSecond: 5,
      concurrency: 5,
      concurrencySource: 'record',
      usdPerMillion: 0,
    },
  ],
  [
    {
      rateLimit: [
        { tasks: 10, perSeconds: 1 },
        { tasks: 100, perSeconds: 60 },
      ],
    },
    {
      method: 'ledger',
      startsPerSecond: 1.667,
      concurrency: 2,
      concurrencySource: 'rateLimit',
      usdPerMillion: expect.any(Number),
    },
  ],
  [
    { rateLimit: { tasks: 5, perSeconds: 3600 } },
    {
      method: 'metered',
      startsPerSecond: 0.001389,
      concurrency: 2,
      concurrencySource: 'rateLimit',
      usdPerMillion: expect.any(Number),
    },
  ],
  [
    { concurrency: 1 },
    {
      method: 'none',
      concurrency: 1,
      concurrencySource: 'record',
      oneAtATime: 'reserved',
      usdPerMillion: 0,
    },
  ],
])('says how limits are kept, and at what price: %j', (fields, note) => {
  expect(limitsNote({ wanted: wantedOf(fields) })).toEqual(note);
});

it('says that one at a time is kept by a lease, which costs more the longer a task takes', () => {
  const told = { wanted: wantedOf({ concurrency: 1 }), lease: true as const };
  const note = limitsNote(told);
  expect(note).toMatchObject({ concurrency: 1, oneAtATime: 'lease' });
  expect(limitsNote(told, 1)).toEqual(note);
  expect(limitsNote(told, 60).usdPerMillion).toBeGreaterThan(10 * note.usdPerMillion);
});
