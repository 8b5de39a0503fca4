import type { StatusRecord } from '../../core/status-record.ts';
import type { ReleaseHistory } from './release-history.ts';
import type { Deed, Story } from './story.ts';
import type { CallRecord } from './world/calls.ts';
import type { World } from './world/world.ts';

/** Something that was done to a pipeline from outside. */
export interface Done {
  readonly atMs: number;
  readonly pipelineId: string;
  readonly deed: Deed;
  /** What was uploaded, if that is what was done. */
  readonly version?: string;
  /** The record after it. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

/** A write of a status record. */
export interface Write {
  readonly atMs: number;
  /** When the attempt of the step that wrote it began. */
  readonly sinceMs: number;
  readonly record: StatusRecord;
  /** The step, or the function, that wrote it. */
  readonly by: string;
  /** How many tasks the pipeline's mapping and function let run then, or are about to. */
  readonly inForce: number;
}

/** Everything that happened, for the promises to judge. */
export interface History {
  readonly story: Story;
  readonly world: World;
  readonly names: readonly string[];
  readonly beganAtMs: number;
  readonly done: readonly Done[];
  readonly writes: readonly Write[];
  readonly calls: readonly CallRecord[];
  readonly releases: ReleaseHistory;
  /** How many of the planned faults came true. */
  readonly struck: number;
  /** What a status said was made, and was not. */
  readonly lies: readonly string[];
  /** What is not as wanted in the end, if the run did not converge. */
  readonly differences: readonly string[];
}
