import { type Follower, positionOf, reaches } from './line.ts';
import type { ReleaseRecord, Wave } from './record.ts';
import type { RolloutSettings } from './rollout-settings.ts';

/** More waves than anybody waits for. */
const WAVES_MOST = 20;

/** All in one: a first release takes nobody from anything, so there is nothing to go back to and to wait for. */
export function singleWave(pipelines: number): Wave[] {
  return [{ reach: 1, canaries: true, pipelines }];
}

/**
 * The waves of a rollout: the pipelines marked `canary`, or a share of all but at least one; then each wave so
 * many times as large as the one before. Who comes when is the line's order; a pipeline made in the middle has
 * a place in it like everybody else.
 */
export function planWaves(
  followers: readonly Omit<Follower, 'version'>[],
  version: string,
  { canaryShare, growth }: Pick<RolloutSettings, 'canaryShare' | 'growth'>,
): Wave[] {
  const marked = followers.filter(({ canary }) => canary).length;
  const positions = followers
    .filter(({ canary }) => marked === 0 || !canary)
    .map(({ pipelineId }) => positionOf(pipelineId, version))
    .sort((a, b) => a - b);
  const waves: Wave[] = [];
  let size = marked;
  let reached = 0;
  if (marked > 0) waves.push({ reach: 0, canaries: true, pipelines: marked });
  // A billionth of a pipeline is rounding: 0.07 of 100 are 7.
  else size = Math.max(1, Math.ceil(followers.length * canaryShare - 1e-9)) / growth;

  while (reached < positions.length) {
    size *= growth;
    // However little it grows, it comes to an end.
    const isLast = waves.length === WAVES_MOST - 1;
    const wanted = isLast ? positions.length : Math.min(positions.length, reached + Math.round(size));
    waves.push({
      reach: positions[wanted] ?? 1,
      canaries: true,
      pipelines: wanted - reached,
    });
    reached = wanted;
  }
  // Also a release that nobody follows yet reaches everybody in the end: somebody may come.
  if (waves.length === 0) return singleWave(0);
  const last = waves.at(-1) as Wave;
  return [...waves.slice(0, -1), { ...last, reach: 1 }];
}

/** The waves, with how many of each had failed before. */
export function withFailedBefore(
  waves: readonly Wave[],
  failed: readonly Omit<Follower, 'version'>[],
  version: string,
): Wave[] {
  const counted = waves.map((wave) => ({ ...wave }));
  for (const follower of failed) {
    const its = counted.find((wave) => reaches({ version, ...wave }, follower));
    if (its !== undefined) its.failedBefore = (its.failedBefore ?? 0) + 1;
  }
  return counted;
}

/** When a rollout is expected to end if all goes well, epoch milliseconds. */
export function expectedEndMs(
  { waves, wave, toldAtMs, walk }: Pick<ReleaseRecord, 'waves' | 'wave' | 'toldAtMs' | 'walk'>,
  bakeSeconds: number,
  perSecond: number,
  nowMs: number,
): number {
  const ahead = waves.slice(Math.max(0, wave));
  const told = walk?.told ?? 0;
  return ahead.reduce((endMs, { pipelines }, index) => {
    const isOpen = index === 0 && wave >= 0;
    if (isOpen && toldAtMs !== undefined) return Math.max(nowMs, toldAtMs + bakeSeconds * 1000);
    const left = Math.max(0, pipelines - (isOpen ? told : 0));
    return endMs + (left / perSecond + bakeSeconds) * 1000;
  }, nowMs);
}
