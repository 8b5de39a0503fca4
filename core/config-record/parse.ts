import type { Problem } from '../problems.ts';
import { crossFieldRules } from './cross-field-rules.ts';
import { fieldProblems, unknownFields } from './field-problems.ts';
import { describeGiven, isMap, plainValue } from './given.ts';
import type { ConfigFacts } from './rule.ts';
import { configRecordSchema } from './schema.ts';
import { type Spread, spreadField } from './spread.ts';
import { resolveDefaults, type Wanted } from './wanted.ts';

/** More than this helps nobody, and a status record has to hold them. */
const MOST_PROBLEMS = 50;

export type ParsedConfigRecord =
  | { readonly kind: 'valid'; readonly wanted: Wanted }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/**
 * Reads a config record: finds everything that is wrong with it (the first 50 things), or says what it asks for.
 * @param raw as the document client hands it over; anything at all is taken and judged, nothing throws
 */
export function parseConfigRecord(raw: unknown, facts: ConfigFacts): ParsedConfigRecord {
  if (!isMap(raw)) return { kind: 'invalid', problems: [notARecord(raw)] };
  const shape = configRecordSchema.shape;
  const given = plainValue(raw) as Record<string, unknown>;
  const fields: Record<string, unknown> = {};
  const unknown = Object.keys(raw).filter((key) => !Object.hasOwn(shape, key));
  const problems = unknownFields(unknown, raw, [], Object.keys(shape));

  for (const [field, schema] of Object.entries(shape)) {
    const parsed = schema.safeParse(given[field]);
    if (!parsed.success) problems.push(...fieldProblems(schema, ownValue(raw, field), [field]));
    else if (parsed.data !== undefined) fields[field] = parsed.data;
  }
  problems.push(...crossFieldRules.flatMap((rule) => rule.problems({ fields, given, facts })));

  if (problems.length > 0) return { kind: 'invalid', problems: problems.slice(0, MOST_PROBLEMS) };
  return { kind: 'valid', wanted: resolveDefaults(fields as Parameters<typeof resolveDefaults>[0], facts) };
}

function notARecord(raw: unknown): Problem {
  return {
    path: '',
    code: 'WrongType',
    allowed: 'a map of fields',
    given: describeGiven(raw, true),
    hint: 'give a map with at least a pipelineId',
  };
}

function ownValue(map: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

export type ParsedSpread =
  | { readonly kind: 'valid'; readonly spread: Spread }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/**
 * Reads the spread of a burst by the rules of a record's.
 * @param messageRetentionSeconds of the pipeline that the burst is for
 */
export function parseSpread(raw: unknown, messageRetentionSeconds: number): ParsedSpread {
  const parsed = spreadField.safeParse(plainValue(raw));
  if (!parsed.success) return { kind: 'invalid', problems: fieldProblems(spreadField, raw, ['spread']) };
  const judged = {
    fields: { spread: parsed.data, messageRetentionSeconds },
    given: {},
    facts: { stage: '' },
  };
  const problems = crossFieldRules.flatMap((rule) => rule.problems(judged));
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'valid', spread: parsed.data };
}
