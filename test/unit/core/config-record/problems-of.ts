import { type ConfigFacts, parseConfigRecord } from '../../../../core/config-record.ts';
import { type Problem, problemMessage } from '../../../../core/problems.ts';

/** What is wrong with a record of these fields. */
export function problemsOf(
  fields: Record<string, unknown>,
  facts: ConfigFacts = { stage: 'prod' },
): readonly Problem[] {
  const parsed = parseConfigRecord({ pipelineId: 'a', ...fields }, facts);
  return parsed.kind === 'valid' ? [] : parsed.problems;
}

/** The same as people read it. */
export const messagesOf = (fields: Record<string, unknown>, facts?: ConfigFacts) =>
  problemsOf(fields, facts).map(problemMessage);
