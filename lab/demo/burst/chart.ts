import type { RunResult, Way } from './results.ts';
import { IDEAL, TASK_SECONDS, TASKS, WINDOW } from './settings.ts';
import { curvePath, line, text, titled } from './svg.ts';

const WIDTH = 760;
const HEIGHT = 520;
const LEFT = 52;
const RIGHT = WIDTH - 24;

/** A part of the picture with an axis of its own. */
interface Panel {
  readonly top: number;
  readonly bottom: number;
  readonly most: number;
  readonly every: number;
  readonly label: string;
  readonly ways: readonly Way[];
}

const CLASS: Readonly<Record<Way, string>> = { 'at once': 'once', random: 'random', planned: 'planned' };

/**
 * How many tasks ran at once, second by second: above all three bursts, below the two that are spread on a scale of their
 * own, with the ideal.
 */
export function burstChart(runs: Readonly<Record<Way, RunResult>>): string {
  const all = Object.values(runs);
  const mostSeconds = tens(Math.max(...all.map(({ finishSeconds }) => finishSeconds)));
  const x = (seconds: number) => LEFT + ((RIGHT - LEFT) * seconds) / mostSeconds;
  const spread: Way[] = ['random', 'planned'];
  const panels: readonly Panel[] = [
    {
      top: 92,
      bottom: 232,
      ...axis(Math.max(...all.map(({ peak }) => peak))),
      label: 'tasks running at once',
      ways: ['at once', ...spread],
    },
    {
      top: 296,
      bottom: 476,
      ...axis(Math.max(...spread.map((way) => runs[way].peak), IDEAL)),
      label: 'the two that are spread, enlarged',
      ways: spread,
    },
  ];
  return titled(
    {
      width: WIDTH,
      height: HEIGHT,
      title: `${TASKS} tasks of ${TASK_SECONDS} s: how many run at once`,
      description: describe(runs),
      style: STYLE,
    },
    [
      text(LEFT, 30, `One burst, ${TASKS} tasks of ${TASK_SECONDS} s, handed over in three ways`, 'head'),
      ...legend(runs),
      ...panels.flatMap((panel) => drawPanel(panel, runs, x, mostSeconds)),
      text((LEFT + RIGHT) / 2, HEIGHT - 12, 'seconds after the burst was handed over', 'note middle'),
    ],
  );
}

function describe(runs: Readonly<Record<Way, RunResult>>): string {
  const { minSeconds, maxSeconds } = WINDOW;
  return (
    `Measured concurrency over time. All at once the peak is ${runs['at once'].peak}; with random delays of ` +
    `${minSeconds} to ${maxSeconds} s it is ${runs.random.peak}; planned over the same window it is ` +
    `${runs.planned.peak}. The least that the work allows is ${IDEAL.toFixed(1)}.`
  );
}

/** No letter of a note is wider, on average, whatever font there is. */
const WIDE_LETTER = 7;

function legend(runs: Readonly<Record<Way, RunResult>>): string[] {
  const entries = [
    ['once', `all at once: peak ${runs['at once'].peak}`],
    ['random', `random delays: peak ${runs.random.peak}`],
    ['planned', `planned: peak ${runs.planned.peak}`],
    ['ideal', `ideal: ${IDEAL.toFixed(1)}`],
  ] as const;
  let next = LEFT;
  return entries.flatMap(([name, words]) => {
    const from = next;
    next += 28 + words.length * WIDE_LETTER + 24;
    return [line(from, 54, from + 22, 54, `curve ${name}`), text(from + 28, 58, words, 'note')];
  });
}

function drawPanel(
  panel: Panel,
  runs: Readonly<Record<Way, RunResult>>,
  x: (seconds: number) => number,
  mostSeconds: number,
): string[] {
  const { top, bottom, most, every, label, ways } = panel;
  const y = (running: number) => bottom - ((bottom - top) * running) / most;
  const parts = [text(LEFT, top - 10, label, 'note')];
  for (let running = 0; running <= most; running += every) {
    parts.push(line(LEFT, y(running), RIGHT, y(running), running === 0 ? 'axis' : 'grid'));
    parts.push(text(LEFT - 8, y(running) + 4, String(running), 'note end'));
  }
  for (let seconds = 0; seconds <= mostSeconds; seconds += 10) {
    parts.push(text(x(seconds), bottom + 17, String(seconds), 'note middle'));
  }
  for (const way of ways) {
    const points = [{ atSeconds: 0, running: 0 }, ...runs[way].curve];
    parts.push(
      curvePath(
        points.map(({ atSeconds, running }) => [x(atSeconds), y(running)]),
        `curve ${CLASS[way]}`,
      ),
    );
  }
  parts.push(
    line(x(WINDOW.minSeconds), y(IDEAL), x(WINDOW.maxSeconds + 1 + TASK_SECONDS), y(IDEAL), 'curve ideal'),
  );
  return parts;
}

/** Where an axis ends, and how far its lines are apart. */
function axis(most: number): { readonly most: number; readonly every: number } {
  const every = [1, 2, 5, 10, 20, 25, 50].find((step) => most / step <= 6) ?? 100;
  return { every, most: Math.ceil(most / every) * every };
}

function tens(seconds: number): number {
  return Math.ceil(seconds / 10) * 10;
}

/** Colours that people who see no red or green tell apart: https://doi.org/10.1038/nmeth.1618 */
const STYLE = `
  .back { fill: #ffffff } text { fill: #24292f; font: 12px system-ui, sans-serif } .head { font-size: 16px; font-weight: 600 }
  .middle { text-anchor: middle } .end { text-anchor: end }
  .grid { stroke: #d8dee4 } .axis { stroke: #57606a } .curve { fill: none; stroke-width: 1.6; stroke-linejoin: round }
  .once { stroke: #8250df } .random { stroke: #d55e00 } .planned { stroke: #0072b2; stroke-width: 2.2 }
  .ideal { stroke: #24292f; stroke-dasharray: 5 4; stroke-width: 1.4 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d } .axis { stroke: #8b949e }
    .once { stroke: #b083f0 } .random { stroke: #f0883e } .planned { stroke: #56b4e9 } .ideal { stroke: #e6edf3 }
  }
`;
