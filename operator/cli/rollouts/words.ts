import { wavesWithNewcomers } from '../../../core/release/newcomers.ts';
import type { ReleaseRecord, ReleaseState } from '../../../core/release/record.ts';
import { isOpen } from '../../../core/release/record.ts';
import { duration } from '../../../core/verdict/amounts.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { counted, number } from '../numbers.ts';
import type { Style } from '../terminal.ts';

export const STATE_STYLES: Readonly<Record<ReleaseState, Style>> = {
  Checking: 'cyan',
  Canary: 'cyan',
  Rolling: 'cyan',
  Baking: 'cyan',
  Done: 'green',
  RolledBack: 'red',
  Rejected: 'red',
  Superseded: 'yellow',
  Aborted: 'yellow',
};

/** Whether nothing more will come of a rollout by itself. */
export function isOver(record: ReleaseRecord): boolean {
  return record.state === 'RolledBack' ? record.returned === true : !isOpen(record);
}

export function exitCodeOf({ state }: ReleaseRecord): ExitCode {
  return state === 'Done' ? EXIT.well : EXIT.notWell;
}

/** Where a rollout is, in a line. */
export function rolloutLine(record: ReleaseRecord): string {
  const { codeKey, version, state, wave, waves, paused, reason, counts, returned, redriven } = record;
  const pipelines = wavesWithNewcomers(record).reduce((sum, one) => sum + one.pipelines, 0);
  const parts = [
    isOpen(record) && waves.length > 0 ? `wave ${Math.max(0, wave) + 1} of ${waves.length}` : '',
    waves.length > 0 ? `${number(counts.moved)} of ${counted(pipelines, 'pipeline')} moved` : '',
    counts.moving > 0 ? `${number(counts.moving)} moving` : '',
    counts.failing + counts.failed > 0
      ? `${number(counts.failing + counts.failed)} could not be changed`
      : '',
    counts.blocked > 0 ? `${number(counts.blocked)} with a bad record` : '',
    counts.pinned > 0 ? `${number(counts.pinned)} pinned` : '',
    paused ? 'paused: no further wave opens' : '',
    state === 'RolledBack' ? (returned ? 'everybody has gone back' : 'everybody goes back') : '',
    redriven ? `${counted(redriven, 'dead letter')} sent again` : '',
    tookWords(record),
  ].filter((part) => part !== '');
  return `${codeKey} ${version} ${state}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}${reason === undefined ? '' : ` — ${reason}`}`;
}

function tookWords({ startedAt, endedAt }: ReleaseRecord): string {
  if (endedAt === undefined) return '';
  return `took ${duration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}`;
}

const BAR = 24;

/** Each wave in a line: how many of its pipelines have the release. */
export function waveLines(record: ReleaseRecord): readonly string[] {
  const { wave, counts, state } = record;
  let left = counts.moved;
  return wavesWithNewcomers(record).map(({ pipelines, canaries, reach }, at) => {
    const moved = at <= wave ? Math.min(left, pipelines) : 0;
    left -= moved;
    const filled = pipelines === 0 ? (at <= wave ? BAR : 0) : Math.floor((moved / pipelines) * BAR);
    const bar = `${'█'.repeat(filled)}${'·'.repeat(BAR - filled)}`;
    const isBaking = at === wave && state === 'Baking';
    const what = canaries && reach === 0 ? ', the canaries' : '';
    return `  wave ${at + 1}  ${bar}  ${number(moved)} of ${counted(pipelines, 'pipeline')}${what}${isBaking ? ', watched' : ''}`;
  });
}

/** All that is known of a release, for people. */
export function rolloutDetails(record: ReleaseRecord): readonly string[] {
  const { evidence, warnings, failedPipelines, health, from, expectedEnd, sizeBytes } = record;
  const tasks = ({ tasks, failures, deadLetters, throttled }: NonNullable<typeof health>['after']) =>
    `${counted(tasks, 'task')}, ${number(failures)} failed, ${counted(deadLetters, 'dead letter')}, ${number(throttled)} throttled`;
  return [
    rolloutLine(record),
    ...waveLines(record),
    ...(from === undefined ? [] : [`  before it    ${from}`]),
    `  size         ${number(Math.ceil(sizeBytes / 1024))} KiB`,
    ...(expectedEnd === undefined || !isOpen(record) ? [] : [`  expected end ${expectedEnd}`]),
    ...(health === undefined
      ? []
      : [`  before       ${tasks(health.before)}`, `  since        ${tasks(health.after)}`]),
    ...evidence.map(
      ({ pipelineId, what, message }) => `  evidence     ${pipelineId ?? 'the wave'}: ${what}: ${message}`,
    ),
    ...failedPipelines.map(({ pipelineId, message }) => `  not changed  ${pipelineId}: ${message}`),
    ...warnings.map((warning) => `  warning      ${warning}`),
  ];
}
