import type { History } from './history.ts';
import { aBadRecordHarmsNothing } from './promises/bad-record.ts';
import { badReleasesGoBack } from './promises/bad-release.ts';
import { constantWork } from './promises/constant-work.ts';
import { converges } from './promises/converges.ts';
import { forcesAreTold, holdsAreTold } from './promises/holds.ts';
import { limitsHold } from './promises/limits.ts';
import { noTaskLost } from './promises/no-task-lost.ts';
import { oneWriter } from './promises/one-writer.ts';
import { inOrder } from './promises/order.ts';
import { politeNeighbour } from './promises/polite-neighbour.ts';
import { neverOlderAfterNewer, oneReleaseOrMarked, onlyWhatIsAdmitted } from './promises/releases.ts';
import { troubleStaysItsOwn } from './promises/trouble-stays.ts';
import { type Violation, violation } from './promises/violation.ts';

export { type Violation, violation };

/** The promises, each with the check that tries to find it broken. */
export const PROMISES = {
  '1 converges': converges,
  '2 one writer': oneWriter,
  '3 no task lost': noTaskLost,
  '4 limits hold, always': limitsHold,
  '5 a bad record harms nothing': aBadRecordHarmsNothing,
  // Faults are part of every story: that steps can be run again is promises 1 to 5 holding in spite of them.
  '6 any step can be run again': inOrder,
  "7 one pipeline's trouble stays its own": troubleStaysItsOwn,
  '8 constant work': constantWork,
  '9 polite neighbour': politeNeighbour,
  'releases: only what is admitted': onlyWhatIsAdmitted,
  'releases: one for all, or a mix that is marked': oneReleaseOrMarked,
  'releases: never an older after a newer one': neverOlderAfterNewer,
  'releases: a bad one goes back': badReleasesGoBack,
  'holds: every change is told': holdsAreTold,
  'holds: forced breakers are told': forcesAreTold,
} satisfies Readonly<Record<string, (history: History) => readonly string[]>>;

export type PromiseName = keyof typeof PROMISES;

/** Holds a history against every promise. */
export function judge(history: History): readonly Violation[] {
  return Object.entries(PROMISES).flatMap(([promise, check]) =>
    check(history).map((what) => violation(promise, what)),
  );
}
