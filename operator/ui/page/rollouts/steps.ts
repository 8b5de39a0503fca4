import { reachedBy, wavesWithNewcomers } from '../../../../core/release/newcomers.ts';
import type { ReleaseRecord } from '../../../../core/release/record.ts';

/** What can be asked of a release, as it stands. */
export type Deed = 'pause' | 'resume' | 'abort' | 'rollback' | 'retry';

const OPEN: readonly ReleaseRecord['state'][] = ['Checking', 'Canary', 'Rolling', 'Baking'];

export function isUnderWay({ state }: Pick<ReleaseRecord, 'state'>): boolean {
  return OPEN.includes(state);
}

/** As core/release/control.ts decides; that one has the last word. */
export function deedsOf({
  state,
  paused,
  from,
  returned,
}: Pick<ReleaseRecord, 'state' | 'paused' | 'from' | 'returned'>): readonly Deed[] {
  switch (state) {
    case 'Checking':
      return [paused ? 'resume' : 'pause', 'abort'];
    case 'Canary':
    case 'Rolling':
    case 'Baking':
      return [paused ? 'resume' : 'pause', 'abort', 'rollback'];
    case 'Done':
      return from === undefined ? [] : ['rollback'];
    case 'RolledBack':
      return returned === true ? ['retry'] : [];
    case 'Rejected':
    case 'Aborted':
    case 'Superseded':
      return ['retry'];
  }
}

export interface WaveShown {
  readonly name: string;
  readonly pipelines: number;
  readonly standing: 'over' | 'open' | 'later';
}

/** The waves of a release in their order. */
export function wavesOf(
  release: Pick<ReleaseRecord, 'waves' | 'counts' | 'wave' | 'state'>,
): readonly WaveShown[] {
  const { wave, state } = release;
  const isOpen = isUnderWay({ state });
  return wavesWithNewcomers(release).map(({ canaries, pipelines, reach }, index) => ({
    // Whatever comes after the canaries reaches them, too.
    name: canaries && reach === 0 ? 'Canaries' : `to ${Math.round(reach * 100)} %`,
    pipelines,
    standing: state === 'Done' || index < wave ? 'over' : index > wave ? 'later' : isOpen ? 'open' : 'over',
  }));
}

/** How much of its way it has gone, from 0 to 1. */
export function movedShare(release: Pick<ReleaseRecord, 'counts'>): number {
  const all = reachedBy(release);
  return all === 0 ? 0 : release.counts.moved / all;
}
