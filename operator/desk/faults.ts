import { AwsError } from '../../aws/errors.ts';
import { CallFailed } from '../../aws/stage-inputs.ts';
import type { RefusalCode } from '../../core/refused.ts';
import { DeskFault } from '../views/desk.ts';

/** What a refusal of one of the stage's functions means for people. */
const FAULT_OF: Readonly<Record<RefusalCode, DeskFault['code']>> = {
  InvalidInput: 'Invalid',
  UnknownPipeline: 'Unknown',
  UnknownBurst: 'Unknown',
  UnknownRelease: 'Unknown',
  UnknownSource: 'Unknown',
  NotReady: 'NotPossible',
  Draining: 'NotPossible',
  Backlog: 'NotPossible',
  Impossible: 'NotPossible',
  NotPossible: 'NotPossible',
  BurstIdTaken: 'Conflict',
};

/**
 * Waits for what one of the stage's functions answers.
 * @throws {DeskFault} where it refused, or is not there; whatever else went wrong as it was thrown
 */
export async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CallFailed && Object.hasOwn(FAULT_OF, error.code)) {
      // People need not know which function has said it.
      const message = error.message.replace(/^[\w-]+: /, '');
      throw new DeskFault(FAULT_OF[error.code as RefusalCode], message);
    }
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') {
      throw new DeskFault(
        'Unreachable',
        'the stage is not deployed there — look at --stage, --region and --profile',
      );
    }
    throw error;
  }
}
