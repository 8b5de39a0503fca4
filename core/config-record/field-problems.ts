import * as z from 'zod';
import { type Problem, type ProblemCode, problemPath } from '../problems.ts';
import { allowedText, alternatives, fieldNotes, fieldsOf, unwrapped } from './field-notes.ts';
import { describeGiven, isMap, plainValue } from './given.ts';
import { nearestField } from './nearest-field.ts';

type Path = readonly PropertyKey[];

/**
 * Everything wrong with one value, in words.
 * @param given the value as it came, plain or not
 * @param path where it stands in the record
 * @returns nothing for a value that the schema takes
 */
export function fieldProblems(schema: z.ZodType, given: unknown, path: Path): Problem[] {
  const meant = alternativeMeant(schema, given);
  if (meant === undefined) return noAlternative(schema, given, path);
  const issues = meant.safeParse(plainValue(given)).error?.issues ?? [];
  const problems = issues.flatMap((issue) => issueProblems(meant, given, path, issue));
  return [...new Map(problems.reverse().map((problem) => [problem.path, problem])).values()].reverse();
}

/** Looking for the field that was meant takes time, and a record can have thousands that are none. */
const MOST_UNKNOWN_FIELDS = 50;

/** The fields of a map that its schema does not have. */
export function unknownFields(
  keys: readonly string[],
  map: unknown,
  path: Path,
  known: readonly string[],
): Problem[] {
  return keys.slice(0, MOST_UNKNOWN_FIELDS).map((key) => unknownField(key, valueAt(map, [key]), path, known));
}

/** Its value is not shown: it may be a mistyped `environment`. */
function unknownField(key: string, given: unknown, path: Path, known: readonly string[]): Problem {
  const nearest = nearestField(key, known);
  return {
    path: problemPath([...path, key]),
    code: 'UnknownField',
    allowed: `one of ${known.join(', ')}`,
    given: describeGiven(given, true),
    hint:
      nearest === undefined ? `remove it; known fields are ${known.join(', ')}` : `did you mean ${nearest}?`,
  };
}

/**
 * Which alternative of a union was meant: the one that has a field in common with what was given, or is
 * of its kind. Undefined where that is none or several.
 */
function alternativeMeant(schema: z.ZodType, given: unknown): z.ZodType | undefined {
  const all = alternatives(schema);
  if (all.length === 1) return all[0];
  if (Array.isArray(given)) return all.find((one) => one instanceof z.ZodArray);
  if (!isMap(given)) return undefined;
  const maps = all.filter((one) => one instanceof z.ZodObject);
  if (maps.length === 1) return maps[0];
  const shared = maps.filter((map) =>
    Object.keys(fieldsOf(map)).some((field) => Object.hasOwn(given, field)),
  );
  return shared.length === 1 ? shared[0] : undefined;
}

function noAlternative(schema: z.ZodType, given: unknown, path: Path): Problem[] {
  const code = isMap(given) ? 'NotAllowed' : 'WrongType';
  const known = alternatives(schema).flatMap((one) => Object.keys(fieldsOf(one)));
  const unknown = isMap(given) ? Object.keys(given).filter((key) => !known.includes(key)) : [];
  return [valueProblem(unwrapped(schema), given, path, code), ...unknownFields(unknown, given, path, known)];
}

function issueProblems(schema: z.ZodType, given: unknown, base: Path, issue: z.core.$ZodIssue): Problem[] {
  const at = schemaAt(schema, issue.path);
  const value = valueAt(given, issue.path);
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(fieldsOf(at));
    return unknownFields(issue.keys, value, path, known);
  }
  if (issue.code === 'invalid_key') {
    const parent = schemaAt(schema, issue.path.slice(0, -1));
    const key = parent instanceof z.ZodRecord ? (parent.keyType as z.ZodType) : parent;
    return [valueProblem(key, issue.path.at(-1), path, 'NotAllowed')];
  }
  return [valueProblem(at, value, path, problemCode(at, value, issue.code))];
}

function problemCode(schema: z.ZodType, given: unknown, issueCode: z.core.$ZodIssue['code']): ProblemCode {
  if (given === undefined) return 'Missing';
  if (issueCode === 'invalid_type') return 'WrongType';
  if (issueCode === 'too_small' || issueCode === 'too_big') return 'OutOfRange';
  return schema instanceof z.ZodEnum && typeof given !== 'string' ? 'WrongType' : 'NotAllowed';
}

function valueProblem(schema: z.ZodType, given: unknown, path: Path, code: ProblemCode): Problem {
  const notes = fieldNotes.get(schema);
  return {
    path: problemPath(path),
    code,
    allowed: allowedText(schema),
    given: describeGiven(given, notes?.secret),
    hint: typeHint(schema, given) ?? notes?.hintFor?.(plainValue(given)) ?? notes?.hint ?? 'correct it',
  };
}

/** What to do about a value of another type; most come from the console, where every value has a type to choose. */
function typeHint(schema: z.ZodType, given: unknown): string | undefined {
  if (given === null) return 'remove the field instead of setting it to null';
  if (given instanceof Set || ArrayBuffer.isView(given)) {
    return `sets and binary are not used in config records: choose type ${consoleType(schema)}`;
  }
  const typed = typeof given === 'string' ? given.trim() : undefined;
  if (schema instanceof z.ZodNumber && typed !== undefined && typed !== '' && !Number.isNaN(Number(typed))) {
    return 'choose type Number in the console, or drop the quotes';
  }
  if (schema instanceof z.ZodBoolean && typed !== undefined && /^(true|false)$/i.test(typed)) {
    return 'choose type Boolean in the console, or drop the quotes';
  }
  const wantsText = schema instanceof z.ZodString || schema instanceof z.ZodEnum;
  if (wantsText && (typeof given === 'number' || typeof given === 'boolean')) {
    return 'choose type String in the console, or put it in quotes';
  }
  return undefined;
}

function consoleType(schema: z.ZodType): string {
  if (schema instanceof z.ZodNumber) return 'Number';
  if (schema instanceof z.ZodBoolean) return 'Boolean';
  if (schema instanceof z.ZodArray) return 'List';
  return schema instanceof z.ZodString || schema instanceof z.ZodEnum ? 'String' : 'Map';
}

/** The schema of a place inside a value. */
function schemaAt(schema: z.ZodType, path: Path): z.ZodType {
  return path.reduce<z.ZodType>((at, segment) => {
    const outer = unwrapped(at);
    if (outer instanceof z.ZodArray) return unwrapped(outer.element as z.ZodType);
    if (outer instanceof z.ZodRecord) return unwrapped(outer.valueType as z.ZodType);
    const field = fieldsOf(outer)[String(segment)];
    return field === undefined ? outer : unwrapped(field);
  }, unwrapped(schema));
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, segment) => {
    const inside = at !== null && typeof at === 'object' && Object.hasOwn(at, segment);
    return inside ? (at as Record<PropertyKey, unknown>)[segment] : undefined;
  }, value);
}
