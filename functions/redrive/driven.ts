import type { Ports } from '../../aws/ports.ts';
import type { RedriveRecord } from '../../core/redrive/record.ts';
import { changeRedrive, readRedrive } from './change-redrive.ts';

/** A redrive in the eyes of an execution. */
export interface Driven {
  /** The execution's name. */
  readonly owner: string;
  /** As it was read or written last. */
  readonly record: RedriveRecord;
  /** Whether this execution is to drive it: it is under way, and no other one has it. */
  readonly isMine: boolean;
  /**
   * Writes what follows from the record as it is, while it is this execution's.
   * @param otherwise what to write where the redrive is over, or another execution's
   */
  change(
    next: (record: RedriveRecord) => RedriveRecord,
    otherwise?: (record: RedriveRecord) => RedriveRecord,
  ): Promise<void>;
}

/** @returns undefined if there is no redrive */
export async function takeUp(pipelineId: string, owner: string, ports: Ports): Promise<Driven | undefined> {
  let known = await readRedrive(pipelineId, ports);
  if (known.record === undefined) return undefined;
  let latest = known.record;
  const { redriveId } = latest;
  const mine = (one: RedriveRecord) => one.owner === owner && one.state === 'Running';
  return {
    owner,
    get record() {
      return latest;
    },
    get isMine() {
      return mine(latest);
    },
    async change(next, otherwise) {
      known = await changeRedrive(pipelineId, known, ports, (one) => {
        if (one?.redriveId !== redriveId) return undefined;
        return mine(one) ? next(one) : otherwise?.(one);
      });
      latest = known.record ?? latest;
    },
  };
}

/** Makes sure of the execution that a redrive names: whoever named it may have crashed right after. */
export async function drive({ state, owner, pipelineId }: RedriveRecord, ports: Ports): Promise<void> {
  if (state === 'Running') await ports.redrives.start(owner, { pipelineId });
}
