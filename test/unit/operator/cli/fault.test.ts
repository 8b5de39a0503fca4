import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../../aws/errors.ts';
import { CallFailed } from '../../../../aws/stage-inputs.ts';
import { CommandFault } from '../../../../operator/cli/exit-codes.ts';
import { faultOf } from '../../../../operator/cli/fault.ts';
import { DeskFault } from '../../../../operator/views/desk.ts';

const aws = (code: string) =>
  new AwsError({
    code,
    message: 'as AWS says it',
    operation: 'dynamodb:Scan',
    requestId: 'r',
    retryable: false,
    cause: undefined,
  });

describe('what a command ends with', () => {
  it.each<[string, unknown, number, RegExp]>([
    ['what it says itself', new CommandFault(3, 'no such burst'), 3, /^no such burst$/],
    ['a record that is not valid', new DeskFault('Invalid', 'bad'), 2, /^bad$/],
    ['what there is not', new DeskFault('Unknown', 'none'), 3, /^none$/],
    ['a conflict', new DeskFault('Conflict', 'changed'), 1, /^changed$/],
    ['what cannot be done now', new DeskFault('NotPossible', 'no'), 1, /^no$/],
    ['a stage that is not there', new DeskFault('Unreachable', 'away'), 4, /^away$/],
    ['a function that threw', new CallFailed('f', 'TypeError', 'x'), 1, /^f: x$/],
    ['a stage that is not deployed', aws('ResourceNotFoundException'), 4, /— is the stage deployed there\?/],
    ['a session that is over', aws('ExpiredTokenException'), 4, /— your session is over/],
    ['what one may not do', aws('AccessDeniedException'), 4, /— .*sluice doctor/],
    [
      'anything else of AWS',
      aws('InternalServerError'),
      4,
      /^dynamodb:Scan failed: InternalServerError: as AWS/,
    ],
    ['a bug', new TypeError('x is not a function'), 4, /^x is not a function$/],
    ['what is no error', 'odd', 4, /^odd$/],
  ])('%s', (_, error, exitCode, message) => {
    const fault = faultOf(error);
    expect(fault.exitCode).toBe(exitCode);
    expect(fault.message).toMatch(message);
  });

  it('names all that is wrong with a record, a line each', () => {
    const problem = { code: 'OutOfRange', allowed: '1 or more', given: '0', hint: 'raise it' } as const;
    const problems = [
      { ...problem, path: 'concurrency' },
      { ...problem, path: 'maxAttempts' },
    ];
    expect(faultOf(new DeskFault('Invalid', 'not valid', problems)).message.split('\n')).toEqual([
      'not valid',
      '  concurrency must be 1 or more, got 0 — raise it',
      '  maxAttempts must be 1 or more, got 0 — raise it',
    ]);
  });
});
