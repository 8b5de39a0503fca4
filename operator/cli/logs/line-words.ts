import { duration } from '../../../core/verdict/amounts.ts';
import { number } from '../numbers.ts';
import { oneLine } from '../table.ts';
import type { Paint, Style } from '../terminal.ts';

type Line = Readonly<Record<string, unknown>>;

const LEVEL_STYLES: Readonly<Record<string, Style>> = { error: 'red', warn: 'yellow', info: 'dim' };

/** Fields that every line of the runtime has, or that are told in words. */
const TOLD = new Set([
  'atMs',
  'level',
  'message',
  'sluice',
  'pipelineId',
  'messageId',
  'requestId',
  'outcome',
  'fate',
  'kind',
  'reason',
  'attempt',
  'receives',
  'startedAtMs',
  'endedAtMs',
  'durationMs',
  'refusedAtMs',
  'error',
  'timestamp',
  '_aws',
]);

/** A line of a consumer's log for people; undefined for what only metrics need. */
export function logLineWords(line: Line, paint: Paint): string | undefined {
  if (line.sluice === 'metrics' || (line.sluice === 'call' && line.level === 'info')) return undefined;
  const level = String(line.level ?? 'info').toLowerCase();
  const at = timeOf(line.atMs);
  const what = line.sluice === 'task' ? taskWords(line) : String(line.message ?? line.sluice ?? '');
  const rest = Object.entries(line)
    .filter(([field]) => !TOLD.has(field))
    .map(([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const error = errorWords(line.error);
  const words = [what, ...(error === undefined ? [] : [error]), ...rest].map(oneLine).join('  ');
  return `${paint('dim', at)} ${paint(LEVEL_STYLES[level] ?? 'dim', level.padEnd(5))} ${words}`;
}

/** UTC, to the millisecond, as log groups have it. */
function timeOf(atMs: unknown): string {
  return typeof atMs === 'number' ? new Date(atMs).toISOString().slice(11, 23) : '            ';
}

function taskWords({ messageId, outcome, fate, reason, attempt, durationMs, refusedAtMs }: Line): string {
  const refused = Array.isArray(refusedAtMs) ? refusedAtMs.length : 0;
  return [
    `task ${String(messageId ?? '?').slice(0, 8)} ${String(outcome)}`,
    ...(fate === undefined ? [] : [`→ ${String(fate)}`]),
    ...(reason === undefined ? [] : [`(${String(reason)})`]),
    ...(typeof durationMs === 'number' ? [`after ${timeWords(durationMs)}`] : []),
    ...(typeof attempt === 'number' && attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(refused > 0 ? [`refused ${refused} times`] : []),
  ].join(' ');
}

function timeWords(ms: number): string {
  return ms < 10_000 ? `${number(ms)} ms` : duration(ms / 1000);
}

function errorWords(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { name = 'Error', message = '' } = error as { name?: unknown; message?: unknown };
  return `${String(name)}: ${String(message)}`;
}
