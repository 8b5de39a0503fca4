import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Model } from './lease-model.ts';
import { finish, moves, step } from './lease-moves.ts';

describe('the lease', () => {
  it('never lets two attempts act at once, whatever executions, repetitions and crashes interleave', () => {
    let acted = 0;
    fc.assert(
      fc.property(moves, (sequence) => {
        const model = new Model();
        for (const move of sequence) {
          step(model, move);
          const acting = model.acting();
          acted += acting.length;
          if (acting.length > 1)
            throw new Error(acting.map((one) => `${one.execution.name} ${one.kind}`).join());
        }
      }),
      { numRuns: 1_000 },
    );
    expect(acted).toBeGreaterThan(1_000);
  });

  it('loses no edit: once every execution is over, the last one has been applied and the lease is free', () => {
    fc.assert(
      fc.property(moves, (sequence) => {
        const model = new Model();
        for (const move of sequence) step(model, move);
        finish(model);
        expect(model.applied).toBe(model.record);
        expect(model.status.lease).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });
});
