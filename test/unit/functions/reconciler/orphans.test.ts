import { describe, expect, it } from '@jest/globals';
import type { Page, Permit, Ports } from '../../../../aws/ports.ts';
import { findOrphans } from '../../../../functions/reconciler/orphans.ts';
import type { Session } from '../../../../functions/reconciler/session.ts';
import { settings } from '../../core/lifecycle/records.ts';

const permit: Permit = { lane: 'edit', startMs: 0 };

/** As much of a tick as looking for orphans needs, in an account whose functions are none of ours. */
function tick({ hasRoom }: { readonly hasRoom: boolean }): Session {
  const functions = { page: async (): Promise<Page<string>> => ({ items: ['others'], cursor: 'after' }) };
  const queues = { page: async (): Promise<Page<string>> => ({ items: [] }) };
  return {
    ports: { functions, queues } as unknown as Ports,
    settings,
    started: { missed: 0, deadWriter: 0, retry: 0, drift: 0, deferred: 0 },
    failed: 0,
    spend: async (call) => (hasRoom ? call(permit) : undefined),
    start: async () => {},
    each: (items, work) => Promise.all(items.map(work)),
  };
}

describe('the walk over all functions of the account', () => {
  const progress = { tick: 7, functionCursor: 'before', mappingPages: 1, committed: 0 };

  it('goes on where the last tick left it', async () => {
    expect((await findOrphans(tick({ hasRoom: true }), progress)).functions.cursor).toBe('after');
  });

  it('keeps its place where the budget has no room for a page', async () => {
    expect((await findOrphans(tick({ hasRoom: false }), progress)).functions.cursor).toBe('before');
  });
});
