import { describe, expect, it } from '@jest/globals';
import { NotYet } from '../../../../core/lifecycle/outcome.ts';
import { readAccount } from '../../../../functions/pipeline-lifecycle/read-account.ts';
import { settings } from '../../core/lifecycle/records.ts';
import { createStage } from './stage.ts';

const limits = { concurrency: 1000, unreservedConcurrency: 900, codeBytesUsed: 0, codeBytesAllowed: 1 };

describe('readAccount', () => {
  it('reads the account once for a whole load of records onto a new stage; the others come back for it', async () => {
    let calls = 0;
    const account = {
      async read() {
        calls += 1;
        return limits;
      },
    };
    const { ports } = createStage(undefined, { account });
    const all = await Promise.allSettled(Array.from({ length: 500 }, () => readAccount(ports, settings)));
    const refused = all.filter((one) => one.status === 'rejected');
    expect(calls).toBe(1);
    expect(refused.every(({ reason }) => reason instanceof NotYet && reason.afterSeconds <= 5)).toBe(true);
    expect(await readAccount(ports, settings)).toEqual(limits);
    expect(calls).toBe(1);
  });

  it('is read by the next one where the first never came to an end', async () => {
    const { stage, ports } = createStage(undefined, {
      account: { read: () => Promise.reject(new Error('lost')) },
    });
    await expect(readAccount(ports, settings)).rejects.toThrow('lost');
    await expect(readAccount(ports, settings)).rejects.toBeInstanceOf(NotYet);
    stage.nowMs += 5_000;
    await expect(readAccount(ports, settings)).rejects.toThrow('lost');
  });
});
