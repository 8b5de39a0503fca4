import type { ReleaseRecord } from '../../../core/release/record.ts';
import { ago } from '../ages.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { counted, number } from '../numbers.ts';
import { STATE_STYLES } from '../rollouts/words.ts';
import { type Column, renderTable } from '../table.ts';

interface Options {
  readonly key?: string;
  readonly json?: boolean;
}

/** `sluice rollout ls`: releases, the newest first. */
export async function run({ options, terminal, openDesk }: Call<Options>): Promise<ExitCode> {
  const desk = await openDesk();
  const releases = await desk.rollouts(options.key);
  if (options.json) terminal.print(JSON.stringify(releases));
  else if (releases.length > 0) {
    const { width, paint } = terminal;
    for (const line of renderTable(columns(Date.now()), releases, { width, paint })) terminal.print(line);
  }
  terminal.say(counted(releases.length, 'release'));
  return EXIT.well;
}

function columns(nowMs: number): readonly Column<ReleaseRecord>[] {
  return [
    { title: 'KEY', of: ({ codeKey }) => codeKey },
    { title: 'VERSION', of: ({ version }) => version },
    {
      title: 'STATE',
      of: ({ state, paused }) => (paused ? `${state}, paused` : state),
      style: ({ state }) => STATE_STYLES[state],
    },
    { title: 'WAVE', of: ({ wave, waves }) => (waves.length === 0 ? '' : `${wave + 1}/${waves.length}`) },
    { title: 'MOVED', align: 'right', of: ({ counts }) => number(counts.moved) },
    { title: 'BEGAN', of: ({ startedAt }) => ago(Date.parse(startedAt), nowMs) },
    { title: 'WHY', of: ({ reason = '' }) => reason, gives: true },
  ];
}
