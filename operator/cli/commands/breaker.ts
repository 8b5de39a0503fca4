import type { Call } from '../command.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';
import { editRecords } from '../record-edit.ts';

const TO = { open: 'open', close: 'closed', auto: 'auto' } as const;

/** `sluice breaker <id> open|close|auto`. */
export function run(call: Call<{ readonly json?: boolean }>): Promise<ExitCode> {
  const [id = '', word = ''] = call.args;
  if (!Object.hasOwn(TO, word)) {
    throw new CommandFault(
      EXIT.usage,
      `a breaker can be made open, close or auto, got "${word}" — for example: sluice breaker ${id} open`,
    );
  }
  const to = TO[word as keyof typeof TO];
  return editRecords(call, [id], (desk, pipelineId) => desk.forceBreaker(pipelineId, to));
}
