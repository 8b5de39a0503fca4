import { describe, expect, it } from '@jest/globals';
import {
  FIRST_LISTING,
  type Listing,
  listed,
  sortedBy,
} from '../../../../../operator/ui/page/overview/list.ts';
import { beyondAccount, totalsOf } from '../../../../../operator/ui/page/overview/totals.ts';
import { createFakeDesk } from '../fake-desk.ts';

const { rows } = await createFakeDesk({ pipelines: 200, nowMs: () => 1_700_000_000_000 }).overview();
const ids = (listing: Partial<Listing>) =>
  listed(rows, { ...FIRST_LISTING, ...listing }).map((row) => row.pipelineId);

describe('the list of pipelines', () => {
  it('those in trouble come first, and equals by their ids', () => {
    const first = listed(rows, FIRST_LISTING);
    expect(first).toHaveLength(200);
    const { trouble } = totalsOf(rows).byAttention;
    const names = first.slice(0, trouble).map((row) => row.pipelineId);
    expect(names).toEqual([...names].sort());
    expect(trouble).toBeGreaterThan(5);
  });

  it('a column of amounts is sorted from the most, and turned round by a second click', () => {
    const down = sortedBy(FIRST_LISTING, 'depth');
    expect(down).toMatchObject({ by: 'depth', isDown: true });
    expect(sortedBy(down, 'depth')).toMatchObject({ by: 'depth', isDown: false });
    expect(sortedBy(down, 'pipeline')).toMatchObject({ by: 'pipeline', isDown: false });
  });

  it('every word of a search has to occur', () => {
    expect(ids({ search: 'acme crawl' })).toEqual(expect.arrayContaining(['acme-crawl']));
    expect(ids({ search: 'acme crawl' }).every((id) => id.includes('acme') && id.includes('crawl'))).toBe(
      true,
    );
    expect(ids({ search: 'rejected' }).length).toBeGreaterThan(0);
  });

  it('a star stands for anything in an id', () => {
    expect(ids({ search: 'acme-*' }).every((id) => id.startsWith('acme-'))).toBe(true);
    expect(ids({ search: 'acme*(' })).toEqual([]);
  });

  it('phase and attention narrow it down', () => {
    expect(ids({ attention: 'trouble' })).toHaveLength(totalsOf(rows).byAttention.trouble);
    expect(ids({ verdict: 'held' })).toHaveLength(totalsOf(rows).verdicts.get('held') ?? 0);
    expect(ids({ phase: 'Paused' })).toHaveLength(totalsOf(rows).phases.get('Paused') ?? 0);
  });

  it('5,000 rows are sorted within a frame or two', async () => {
    const many = await createFakeDesk({ pipelines: 5_000 }).overview();
    const startMs = performance.now();
    listed(many.rows, { ...FIRST_LISTING, by: 'depth', isDown: true });
    expect(performance.now() - startMs).toBeLessThan(200);
  });
});

describe('what all pipelines may run together', () => {
  it('is what their rows say now, also where the reconciler has noted something else of them', () => {
    const totals = totalsOf(rows);
    const account = {
      concurrency: totals.concurrency - 5,
      unreservedConcurrency: 100,
      codeBytesUsed: 0,
      codeBytesAllowed: 1,
      committedConcurrency: 0,
    };
    expect(beyondAccount(totals, account)).toBe(5);
    expect(beyondAccount(totals, { ...account, concurrency: totals.concurrency })).toBeUndefined();
    expect(beyondAccount(totals, undefined)).toBeUndefined();
  });
});
