import type { Ceiling, StatusRecord } from '../status-record.ts';
import type { Target } from './target.ts';

/**
 * The most that may be in force while a run goes to `target`: whatever any run since the last settling was
 * about to make, for nobody knows how far it came.
 */
export function ceilingOver(status: Pick<StatusRecord, 'applied' | 'ceiling'>, target: Target): Ceiling {
  const all = [status.ceiling, status.applied?.wanted, target.wanted].filter((one) => one !== undefined);
  return {
    concurrency: Math.max(...all.map((one) => one.concurrency)),
    timeoutSeconds: Math.max(...all.map((one) => one.timeoutSeconds)),
  };
}
