import type { Ports } from '../../aws/ports.ts';
import { changeLine } from '../../aws/release-lines.ts';
import { rollBack, stop } from '../../core/release/line.ts';
import { needsDriver, type ReleaseRecord } from '../../core/release/record.ts';
import { changeRelease } from '../code-rollout/change-release.ts';

/**
 * Makes sure of all that follows from a release's record; whoever wrote it may have crashed right after. Its
 * state is told of, if it never was. One that is rolled back is taken out of its line, so that nobody is given
 * it any more. The execution that it names is started, if it needs one; one that runs or ran is left alone.
 */
export async function drive(record: ReleaseRecord, ports: Ports): Promise<void> {
  // Where somebody else writes it at the same time, they tell of it first.
  if (record.announced !== record.state) await changeRelease(record, {}, ports);
  const { codeKey: key, version, owner } = record;
  if (record.state === 'Aborted') await changeLine(key, ports, (line) => stop(line, version));
  if (!needsDriver(record)) return;
  if (record.state === 'RolledBack') await changeLine(key, ports, (line) => rollBack(line, version));
  await ports.rollouts.start(owner, { key, version });
}
