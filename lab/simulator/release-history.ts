import { pipelineIdOf } from '../../core/names.ts';
import { type ReleaseLine, releaseFact, releaseLineSchema } from '../../core/release/line.ts';
import type { ReleaseRecord } from '../../core/release/record.ts';
import { CODE_KEY, STAGE, type World } from './world/world.ts';

/** A line of the story's code key, from a moment on. */
export interface LineSince {
  readonly atMs: number;
  readonly line: ReleaseLine;
}

/** A write of a release record. */
export interface ReleaseWrite {
  readonly atMs: number;
  readonly record: ReleaseRecord;
  readonly before: ReleaseRecord | undefined;
}

/** A pipeline's function was given a version of the story's code key. */
export interface Given {
  readonly atMs: number;
  readonly pipelineId: string;
  readonly version: string;
  /** The execution whose step did it; `hand` for a person. */
  readonly owner: string;
}

/** What happened to releases of the story's code key. */
export interface ReleaseHistory {
  readonly lines: readonly LineSince[];
  readonly writes: readonly ReleaseWrite[];
  readonly given: readonly Given[];
}

/** Writes down from now on what becomes of releases. */
export function recordReleases(world: World): ReleaseHistory {
  const lines: LineSince[] = [];
  const writes: ReleaseWrite[] = [];
  const given: Given[] = [];
  world.ledgers.onWrite = (ledgerId, value) => {
    if (ledgerId !== releaseFact(CODE_KEY)) return;
    const line = releaseLineSchema.parse(value);
    lines.push({ atMs: world.nowMs(), line });
    world.note(`line: ${JSON.stringify(line)}`, '');
  };
  world.releases.onWrite = (record, before) => {
    writes.push({ atMs: world.nowMs(), record, before });
    const { version, revision, state, wave, paused, counts, walk } = record;
    const where = `${state}${paused ? ' PAUSED' : ''} wave ${wave}${walk === undefined ? '' : ' walking'}`;
    world.note(`release ${version} #${revision} ${where} ${JSON.stringify(counts)}`, '');
  };
  world.functions.onCode = (name, { key, version }) => {
    const pipelineId = pipelineIdOf(STAGE, name);
    if (pipelineId === undefined || key !== CODE_KEY) return;
    given.push({ atMs: world.nowMs(), pipelineId, version, owner: world.calls.current?.owner ?? 'hand' });
  };
  return { lines, writes, given };
}
