import type { Ports } from '../../aws/ports.ts';
import { readLine } from '../../aws/release-lines.ts';
import { assertNever } from '../../core/assert-never.ts';
import { Refused } from '../../core/refused.ts';
import { changesFor, type Deed } from '../../core/release/carry-out.ts';
import { type ControlRequest, decideControl } from '../../core/release/control.ts';
import { parseControl } from '../../core/release/control-input.ts';
import { rollBack } from '../../core/release/line.ts';
import type { ReleaseRecord, ReleaseState } from '../../core/release/record.ts';
import { changeRelease } from '../code-rollout/change-release.ts';
import { drive } from './drive.ts';
import { findRelease } from './find-release.ts';

/** Where the release stands now. */
export interface ControlResult {
  readonly codeKey: string;
  readonly version: string;
  readonly state: ReleaseState;
  readonly paused: boolean;
  /** For people. */
  readonly message: string;
}

/**
 * Does something to a rollout by hand. Asked for the same twice, or after a crash at any point, it ends the same.
 * @param input `{action: 'pause' | 'resume' | 'abort' | 'rollback' | 'retry', codeKey?, version?, reason?}`
 * @throws {Refused} `InvalidInput`, `UnknownRelease`, or `NotPossible` in the state that the release is in
 */
export async function control(input: unknown, ports: Ports): Promise<ControlResult> {
  const request = parseControl(input);
  let record = await findRelease(request, ports);
  const { codeKey, version } = record;
  for (;;) {
    const decision = await decide(request, record, ports);
    if (decision.kind === 'refused' || decision.kind === 'nothing') {
      // Whoever asked first may have crashed halfway.
      await drive(record, ports);
      if (decision.kind === 'nothing') return resultOf(record, decision.message);
      throw new Refused(
        'NotPossible',
        `cannot ${request.action} ${version} of ${codeKey}: ${decision.message}`,
      );
    }
    const changes = changesFor(decision, record, request.reason, ports.clock.nowMs());
    const wanted = { ...record, ...changes };
    const written = await changeRelease(record, changes, ports);
    record = written === 'conflict' ? await findRelease({ codeKey, version }, ports) : written;
    // Somebody else's write may have come right after this one.
    if (written !== 'conflict' || isAs(wanted, record)) {
      await drive(record, ports);
      ports.log.info('by hand', { ...request, version, did: decision.kind });
      return resultOf(record, messageOf(decision));
    }
  }
}

async function decide({ action }: ControlRequest, record: ReleaseRecord, ports: Ports) {
  const { line } = await readLine(record.codeKey, ports);
  return decideControl(action, record, rollBack(line, record.version)?.stable);
}

function isAs(wanted: ReleaseRecord, { owner, state, paused }: ReleaseRecord): boolean {
  return wanted.owner === owner && wanted.state === state && wanted.paused === paused;
}

function resultOf({ codeKey, version, state, paused }: ReleaseRecord, message: string): ControlResult {
  return { codeKey, version, state, paused, message };
}

function messageOf(deed: Deed): string {
  switch (deed.kind) {
    case 'pause':
      return 'paused: no further wave opens; the open one is moved and watched on; resume goes on';
    case 'resume':
      return 'it goes on where it stopped';
    case 'abort':
      return 'aborted: whoever has it keeps it, nobody else gets it';
    case 'rollBack':
      return 'everybody goes back to the release before it';
    case 'retry':
      return 'it begins again: checked, then in waves';
    default:
      return assertNever(deed);
  }
}
