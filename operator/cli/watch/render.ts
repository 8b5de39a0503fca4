import { styleText } from 'node:util';
import { assertNever } from '../../../core/assert-never.ts';
import type { BurstProgress } from '../../../core/burst/progress.ts';
import { clock, counted, tasks } from './words.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;
const plain: Paint = (_, text) => text;

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_MS = 100;
const BETWEEN = ' · ';

/**
 * A burst as three lines: what it is, how far, how it goes. None is wider than `width`; what does not fit is left out from
 * the right.
 * @param progress what it was last read as; a later `atMs` turns the wheel and the clock
 * @param colour whether the terminal has colours and nobody has asked for none
 */
export function renderBurst(progress: BurstProgress, width: number, colour: boolean): string {
  const paint: Paint = colour ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
  return [
    headLine(progress, width, paint),
    barLine(progress, width, paint),
    factsLine(progress, width, paint),
  ].join('\n');
}

function headLine(progress: BurstProgress, width: number, paint: Paint): string {
  const { burstId, pipelineId, totals } = progress;
  const over = totals.done + totals.deadLettered + totals.refused + totals.unaccounted;
  const share = totals.total === 0 ? 1 : over / totals.total;
  const right = progress.isCounted
    ? `${tasks(over)} of ${tasks(totals.total)}  ${String(Math.floor(share * 100)).padStart(3)} %`
    : `${tasks(totals.sent)} of ${tasks(totals.total)} sent`;
  const what = `${symbolOf(progress)} ${pipelineId}  ${burstId}  ${stateOf(progress)}`;
  const left = cut(what, Math.max(0, width - right.length - 1));
  const line = `${left}${' '.repeat(Math.max(1, width - left.length - right.length))}${right}`;
  return paint('bold', cut(line, width));
}

function symbolOf({ state, atMs, totals }: BurstProgress): string {
  switch (state) {
    case 'Ended':
      return totals.deadLettered + totals.refused + totals.unaccounted > 0 ? '✗' : '✓';
    case 'Paused':
      return '‖';
    case 'Sending':
    case 'Sent':
      return SPINNER[Math.floor(atMs / SPIN_MS) % SPINNER.length] ?? '';
    default:
      return assertNever(state);
  }
}

function stateOf({ state, isCancelled, totals }: BurstProgress): string {
  const words = {
    Sending: `sending, ${tasks(totals.sent)} sent`,
    Paused: 'paused',
    Sent: 'sent',
    Ended: 'ended',
  };
  return isCancelled ? `${words[state]}, cancelled` : words[state];
}

/** Done, lost, running, waiting in the queue, not sent yet: each its own sign, so that it can be read without colours. */
function barLine({ totals, isCounted }: BurstProgress, width: number, paint: Paint): string {
  const { total, sent, done, deadLettered, refused, unaccounted, running } = totals;
  const lost = deadLettered + refused + unaccounted;
  const parts: readonly (readonly [number, string, Style])[] = isCounted
    ? [
        [done, '█', 'green'],
        [lost, '▚', 'red'],
        [running, '▒', 'cyan'],
        [Math.max(0, sent + refused - done - lost - running), '░', 'dim'],
      ]
    : [[sent, '▒', 'cyan']];
  let [tasksTo, cellsTo, line] = [0, 0, ''];
  for (const [count, sign, style] of parts) {
    tasksTo += count;
    const cells = Math.min(width, Math.max(cellsTo, cellOf(tasksTo, total, width))) - cellsTo;
    if (cells > 0) line += paint(style, sign.repeat(cells));
    cellsTo += Math.max(0, cells);
  }
  return line + paint('dim', '·'.repeat(Math.max(0, width - cellsTo)));
}

/** The last cell only once the last task is over. */
function cellOf(count: number, total: number, width: number): number {
  return total === 0 ? width : Math.floor((count / total) * width);
}

/** How it goes, in what fits. */
export function factsLine(progress: BurstProgress, width: number, paint: Paint = plain): string {
  const { totals, perSecond, peakConcurrency, predicted, isCounted, isWhole } = progress;
  const { running, failed, deadLettered, refused, unaccounted } = totals;
  const isEnded = progress.state === 'Ended';
  const facts: readonly (readonly [boolean, string, Style])[] = [
    [true, timeOf(progress), 'reset'],
    [deadLettered > 0, counted(deadLettered, 'dead letter'), 'red'],
    [refused > 0, `${tasks(refused)} refused`, 'red'],
    [unaccounted > 0 && isCounted, `${tasks(unaccounted)} unaccounted for`, 'red'],
    [isCounted && !isEnded, `${rate(perSecond)}/s`, 'reset'],
    [isCounted && !isEnded, `${tasks(running)} running`, 'cyan'],
    [isCounted, `peak ${tasks(peakConcurrency)} (predicted ${tasks(predicted.peakConcurrency)})`, 'reset'],
    [failed > 0, `${tasks(failed)} to be tried again`, 'yellow'],
    [!isWhole, 'counting', 'dim'],
  ];
  let [line, used] = ['', 0];
  for (const [isSaid, text, style] of facts) {
    if (!isSaid) continue;
    const more = (used === 0 ? 0 : BETWEEN.length) + text.length;
    if (used + more > width) {
      if (used === 0) return cut(text, width);
      break;
    }
    line += (used === 0 ? '' : BETWEEN) + (style === 'reset' ? text : paint(style, text));
    used += more;
  }
  return line;
}

/** Since the hand-over, of how long in all, and how long that was to be. */
function timeOf({ eta, atMs, startMs, predicted }: BurstProgress): string {
  const planned = `predicted ${clock(predicted.finishMs - startMs)}`;
  const elapsed = clock(atMs - startMs);
  switch (eta.kind) {
    case 'over':
      return `took ${clock(eta.atMs - startMs)} (${planned})`;
    case 'expected': {
      const all = clock(Math.max(eta.atMs, atMs) - startMs);
      return `${elapsed} of ${all}${eta.basis === 'rate' ? ' at this rate' : ''} (${planned})`;
    }
    case 'unknown':
      return `${elapsed}, ${WHY[eta.why]} (${planned})`;
    default:
      return assertNever(eta);
  }
}

const WHY = {
  paused: 'paused',
  stalled: 'tasks are due and none runs',
  uncounted: 'nobody counts its tasks',
} as const;

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : tasks(perSecond);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : width <= 1 ? text.slice(0, width) : `${text.slice(0, width - 1)}…`;
}
