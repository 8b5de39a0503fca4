import type { Call } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { editRecords } from '../record-edit.ts';

/** `sluice pause <ids...>`. */
export function run(call: Call<{ readonly json?: boolean }>): Promise<ExitCode> {
  return editRecords(call, call.args, (desk, pipelineId) => desk.setPaused(pipelineId, true));
}
