import { VERDICT_NAMES } from './kinds.ts';
import type { Verdict } from './verdict.ts';

/** What somebody finds whom an alarm has called. */
interface Behind {
  /** Verdicts that the pipelines in question typically have. */
  readonly verdicts: readonly Verdict['kind'][];
  /** What to call next: `sluice` with these words. `ID` is a pipeline. */
  readonly next: readonly string[];
}

/**
 * What typically stands behind each alarm of a stage, by its name without the stage. The alarms' descriptions (resources/alarms.yml)
 * and docs/operating.md say it in these words; tests hold them to it.
 */
export const BEHIND_ALARMS: Readonly<Record<string, Behind>> = {
  'config-failures': { verdicts: ['creating', 'asked'], next: ['doctor', 'why ID'] },
  'hold-failures': { verdicts: ['breakerOpen', 'held', 'waking'], next: ['doctor', 'why ID'] },
  'burst-failures': { verdicts: [], next: ['doctor', 'watch'] },
  'code-failures': { verdicts: ['rejected', 'creating'], next: ['doctor', 'rollout ls'] },
  'async-failures': { verdicts: ['releasing'], next: ['doctor', 'events'] },
  'lifecycle-failed': { verdicts: ['creating', 'changing', 'takenDown'], next: ['doctor', 'why ID'] },
  'rollout-failed': { verdicts: ['changing'], next: ['rollout ls', 'doctor'] },
  'redrive-failed': { verdicts: [], next: ['dlq ID', 'redrive ID --status'] },
  'burst-failed': { verdicts: ['releasing'], next: ['watch', 'why ID'] },
  'releases-stopped': { verdicts: ['rejected'], next: ['rollout ls', 'rollout show VERSION'] },
  'reconciler-silent': { verdicts: ['failed', 'asked', 'switchedOff', 'waking'], next: ['doctor'] },
  'dead-writers': { verdicts: ['creating', 'changing'], next: ['events', 'why ID'] },
  drift: { verdicts: ['switchedOff'], next: ['events', 'doctor'] },
  orphans: { verdicts: [], next: ['doctor'] },
  'failed-pipelines': { verdicts: ['failed'], next: ['ls --phase Failed', 'why ID'] },
  'dead-letters': { verdicts: ['deadLettering'], next: ['ls --sort dead', 'why ID', 'dlq ID'] },
  'stuck-pipelines': {
    verdicts: ['switchedOff', 'unready', 'accountFull', 'stuck'],
    next: ['ls --verdict stuck', 'why ID', 'logs ID'],
  },
  'oldest-task': {
    verdicts: [
      'breakerOpen',
      'held',
      'breakerProbing',
      'waking',
      'unready',
      'accountFull',
      'stuck',
      'atRate',
      'atConcurrency',
    ],
    next: ['ls --sort waiting', 'why ID'],
  },
  'error-rate': {
    verdicts: ['breakerOpen', 'breakerProbing', 'deadLettering'],
    next: ['ls --sort verdict', 'why ID', 'rollout ls'],
  },
  'success-rate': { verdicts: ['deadLettering'], next: ['ls --sort dead', 'why ID', 'dlq ID'] },
  concurrency: { verdicts: ['atConcurrency', 'working'], next: ['ls --sort running', 'plan'] },
  'account-full': { verdicts: ['accountFull'], next: ['plan', 'why ID'] },
  throttles: { verdicts: ['accountFull'], next: ['plan', 'doctor'] },
  'throttled-listeners': { verdicts: ['creating', 'asked', 'accountFull'], next: ['plan', 'doctor'] },
  'trigger-failed': {
    verdicts: ['unknown', 'rejected', 'failed', 'draining', 'creating'],
    next: ['events', 'why ID'],
  },
};

/** How the description of an alarm ends: what `sluice why` typically says of the pipelines in question, and what to call next. */
export function alarmEnding(alarm: string, stage: string): string {
  const { verdicts, next } = behind(alarm);
  const calls = next.map((words) => `npx sluice ${words} --stage ${stage}`).join(', ');
  const typical = verdicts.map((kind) => VERDICT_NAMES[kind]).join('; ');
  return `${typical === '' ? '' : `Typical verdicts: ${typical}. `}Next: ${calls}`;
}

/** The same in a cell of a table. */
export function alarmCell(alarm: string): string {
  const { verdicts, next } = behind(alarm);
  const calls = next.map((words) => `\`npx sluice ${words}\``).join(', ');
  const typical = verdicts.map((kind) => `*${VERDICT_NAMES[kind]}*`).join(', ');
  return typical === '' ? calls : `${typical}: ${calls}`;
}

function behind(alarm: string): Behind {
  const one = BEHIND_ALARMS[alarm];
  if (one === undefined) throw new RangeError(`nobody says what stands behind the alarm ${alarm}`);
  return one;
}
