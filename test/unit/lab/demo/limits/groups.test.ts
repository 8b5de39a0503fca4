import { describe, expect, it } from '@jest/globals';
import { parseConfigRecord } from '../../../../../core/config-record.ts';
import { planPace } from '../../../../../core/flow/pace.ts';
import { GROUPS, recordOf, scriptOf, startsPerSecondOf } from '../../../../../lab/demo/limits/groups.ts';

const FACTS = { stage: 'limits' };

it('has 3,000 tasks', () => {
  expect(GROUPS.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(3_000);
});

describe('every group', () => {
  it('has a record that is taken', () => {
    for (const group of GROUPS) {
      expect(parseConfigRecord(recordOf(group, 'http://127.0.0.1:1'), FACTS)).toMatchObject({
        kind: 'valid',
      });
    }
  });

  it('is kept to its limit in the way that it is called by', () => {
    const kinds = GROUPS.map((group) => {
      const parsed = parseConfigRecord(recordOf(group, 'http://127.0.0.1:1'), FACTS);
      return parsed.kind === 'valid' ? planPace(parsed.wanted).kind : parsed.kind;
    });
    expect(kinds).toEqual(['slots', 'ledger', 'none']);
  });

  it('has an API that allows more than its limit, then less, then nothing for 20 s, then more again', () => {
    for (const group of GROUPS) {
      const limit = startsPerSecondOf(group) ?? (group.concurrency ?? 0) / (group.answerMs / 1000);
      expect(scriptOf(group).map(({ mood }) => mood.kind)).toEqual([
        'allows',
        'allows',
        'allows',
        'out',
        'allows',
      ]);
      expect(group.enoughPerSecond).toBeGreaterThan(limit);
      expect(group.lessPerSecond).toBeLessThan(limit);
      expect(scriptOf(group)[3]).toMatchObject({ name: 'outage', seconds: 20 });
    }
  });
});
