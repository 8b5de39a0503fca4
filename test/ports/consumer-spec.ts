import type { ConsumerSettings, FunctionSpec } from '../../core/lifecycle/target.ts';

/** A consumer's function: what its stage gives all of them, and small round figures for the rest. */
export function consumerSpec(
  name: string,
  settings: ConsumerSettings,
  changes: Partial<FunctionSpec> = {},
): FunctionSpec {
  const {
    stage: _stage,
    codeBucket: _bucket,
    flowTable: _flow,
    holdsTable: _holds,
    burstsTable: _bursts,
    ...consumers
  } = settings;
  return { name, ...consumers, timeoutSeconds: 30, memoryMb: 128, environment: {}, tags: {}, ...changes };
}
