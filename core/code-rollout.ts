import * as z from 'zod';
import { executionName } from './config-change.ts';
import { configHash } from './config-hash.ts';
import type { Target } from './lifecycle/target.ts';
import { acceptsTasks, type StatusRecord } from './status-record.ts';

/** What travels through the rollout machine from step to step. */
export const rolloutStateSchema = z.object({
  key: z.string(),
  /** The release that this rollout brings out: the one that was seen, then the one that was admitted. */
  version: z.string().default(''),
  outcome: z.enum(['done', 'again', 'superseded']).default('done'),
  afterSeconds: z.number().default(0),
  /** Where the walk over the pipelines stands. */
  cursor: z.string().optional(),
  /** Runs started so far. */
  started: z.number().default(0),
});

export type RolloutState = z.infer<typeof rolloutStateSchema>;

export interface Release {
  readonly key: string;
  readonly version: string;
}

/**
 * Whether a pipeline has to be told of a release. `askRecord`: it waits for code that was not there; its
 * config record says whether for this key.
 */
export function needsRelease(status: StatusRecord, release: Release): 'yes' | 'no' | 'askRecord' {
  if (status.closing !== undefined || status.phase === 'Deleted') return 'no';
  const running = status.run?.target;
  if (running !== undefined && follows(running, release)) return 'yes';
  if (acceptsTasks(status) && status.applied !== undefined && follows(status.applied, release)) return 'yes';
  return waitsForCode(status) ? 'askRecord' : 'no';
}

/** Follows the release's key, is not pinned, and has another version of it. */
function follows({ wanted, code }: Target, release: Release): boolean {
  return (
    wanted.codeVersion === undefined && wanted.codeKey === release.key && code.version !== release.version
  );
}

function waitsForCode({ phase, error }: StatusRecord): boolean {
  return phase === 'Rejected' && error?.path === 'codeKey' && error.code === 'Missing';
}

/** The run that brings a release to a pipeline: once for each release, however often a slice is repeated. */
export function codeRunName(pipelineId: string, release: Release): string {
  return executionName(pipelineId, `code-${configHash([release.key, release.version])}`);
}
