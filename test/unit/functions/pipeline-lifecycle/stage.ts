import type { Fact, Ports } from '../../../../aws/ports.ts';
import { type LedgerState, reserve } from '../../../../core/pacing.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { NOW_MS } from '../../core/lifecycle/records.ts';

/** One pipeline's status record, the ledgers and a clock that stands still; other ports as a test gives them. */
export function createStage(status: StatusRecord | undefined, others: Record<string, unknown> = {}) {
  const stage = {
    nowMs: NOW_MS,
    status,
    /** Called after every read of the status: what somebody else does just then. */
    afterRead: () => {},
    facts: new Map<string, Fact>(),
    states: new Map<string, LedgerState | undefined>(),
  };
  const ports = {
    clock: {
      nowMs: () => stage.nowMs,
      async sleep(ms: number) {
        stage.nowMs += ms;
      },
    },
    random: () => 0.5,
    statuses: {
      async read() {
        const seen = stage.status;
        stage.afterRead();
        return seen;
      },
      async write(next: StatusRecord) {
        if (next.revision !== (stage.status?.revision ?? 0)) return 'conflict';
        stage.status = { ...next, revision: next.revision + 1 };
        return 'written';
      },
    },
    ledgers: {
      async reserve(id: string, request: Parameters<typeof reserve>[1]) {
        const { state, result } = reserve(stage.states.get(id), request);
        stage.states.set(id, state);
        return result;
      },
      read: async (id: string) => stage.facts.get(id),
      async write(id: string, value: unknown, revision: number) {
        stage.facts.set(id, { value, revision: revision + 1 });
        return 'written';
      },
    },
    configs: {},
    holds: { read: async () => undefined },
    flow: {},
    redrives: {},
    burstRuns: {},
    bursts: {},
    taskObjects: {},
    queues: {},
    functions: {},
    mappings: {},
    account: {},
    code: {},
    executions: {},
    rollouts: {},
    releases: {},
    health: {},
    events: {},
    salvage: { uri: (id: string) => `s3://salvage/${id}/`, page: async () => ({ items: [] }) },
    log: { info() {}, warn() {} },
    metrics: { count() {} },
    ...others,
  };
  return { stage, ports: ports as unknown as Ports };
}
