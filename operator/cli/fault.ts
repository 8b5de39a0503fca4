import { AwsError } from '../../aws/errors.ts';
import { CallFailed } from '../../aws/stage-inputs.ts';
import { problemMessage } from '../../core/problems.ts';
import { DeskFault } from '../views/desk.ts';
import { CommandFault, EXIT, type ExitCode } from './exit-codes.ts';

/** What a command ends with that could not go on, and what it says. */
export interface Fault {
  readonly exitCode: ExitCode;
  readonly message: string;
}

const EXIT_OF: Readonly<Record<DeskFault['code'], ExitCode>> = {
  Invalid: EXIT.usage,
  Unknown: EXIT.unknown,
  Conflict: EXIT.notWell,
  NotPossible: EXIT.notWell,
  Unreachable: EXIT.unreachable,
};

/** What to do about what AWS says, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'is the stage deployed there? Look at --stage, --region and --profile',
  CredentialsProviderError:
    'no credentials were found: name a profile with --profile, or sign in with aws sso login',
  ExpiredTokenException: 'your session is over: sign in again',
  ExpiredToken: 'your session is over: sign in again',
  UnrecognizedClientException: 'these credentials are of nobody: look at --profile',
  InvalidClientTokenId: 'these credentials are of nobody: look at --profile',
  AccessDeniedException: 'these credentials may not do that: sluice doctor shows what they may',
  AccessDenied: 'these credentials may not do that: sluice doctor shows what they may',
  ECONNREFUSED: 'nobody answers there: is the local stage up (npm start), and AWS_ENDPOINT_URL right?',
  ENOTFOUND: 'there is no such host: look at --region, AWS_ENDPOINT_URL and your network',
  TimeoutError: 'it did not answer in time: try again',
};

/** Says of anything that was thrown what it means for the one who called. */
export function faultOf(error: unknown): Fault {
  if (error instanceof CommandFault) return error;
  if (error instanceof DeskFault) {
    const lines = error.problems.map((problem) => `\n  ${problemMessage(problem)}`);
    return { exitCode: EXIT_OF[error.code], message: `${error.message}${lines.join('')}` };
  }
  if (error instanceof CallFailed) return { exitCode: EXIT.notWell, message: error.message };
  if (error instanceof AwsError) {
    const advice = ADVICE[error.code];
    return {
      exitCode: EXIT.unreachable,
      message: advice === undefined ? error.message : `${error.message} — ${advice}`,
    };
  }
  return { exitCode: EXIT.unreachable, message: error instanceof Error ? error.message : String(error) };
}
