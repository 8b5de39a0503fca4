import type { Ports } from '../../aws/ports.ts';
import { parseConfigRecord, type Wanted } from '../../core/config-record.ts';
import { keepSteady } from '../../core/flow/measured.ts';
import type { Wish } from '../../core/lifecycle/decide.ts';
import { targetOf } from '../../core/lifecycle/target.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { takesLease } from './one-at-a-time.ts';
import { readAccount } from './read-account.ts';
import { readCode } from './read-code.ts';
import { readRest } from './read-rest.ts';

/** Reads the config record and all it depends on, and says what it asks for. */
export async function readWish(
  pipelineId: string,
  status: StatusRecord | undefined,
  ports: Ports,
  settings: StageSettings,
): Promise<Wish> {
  const record = await ports.configs.read(pipelineId);
  if (record === undefined) return { kind: 'gone' };

  const account = await readAccount(ports, settings);
  const { measured, applied } = status ?? {};
  const parsed = parseConfigRecord(record, {
    stage: settings.stage,
    accountConcurrency: account.concurrency,
    ...(measured && { measuredSeconds: measured.taskSeconds }),
  });
  if (parsed.kind === 'invalid') {
    const retry = parsed.problems.every((problem) => problem.code === 'AccountLimit');
    return { kind: 'invalid', problems: parsed.problems, retry };
  }
  const wanted = keepSteady(parsed.wanted, applied?.wanted);
  if (isExpired(wanted, ports.clock.nowMs())) return { kind: 'gone' };

  const lease = await takesLease(wanted, applied, account, ports, settings);
  const admitted = await readCode(wanted, status, ports, settings);
  if (admitted.kind === 'none') return { kind: 'invalid', problems: [admitted.problem], retry: true };
  const { rests, held } = await readRest({ wanted, ...(lease && { lease }) }, status, ports, settings);
  const target = targetOf(wanted, admitted.code, !wanted.paused && !rests, settings.consumers, lease);
  return { kind: 'target', target, ...(held && { held }) };
}

function isExpired(wanted: Wanted, nowMs: number): boolean {
  return wanted.expiresAt !== undefined && wanted.expiresAt * 1000 <= nowMs;
}
