import * as z from 'zod';

/** What a person needs to know of a field. Kept beside its schema: messages, editors and docs all read it here. */
export interface FieldNotes {
  readonly title: string;
  /** One or two sentences, Markdown. */
  readonly description: string;
  /** What to do when the value is refused. */
  readonly hint: string;
  /** A better hint for one certain mistake. */
  readonly hintFor?: (given: unknown) => string | undefined;
  readonly unit?: string;
  /** What is allowed, where the schema cannot say it in words. Reads on from "must be". */
  readonly allowed?: string;
  /** The default, where it is worked out from other fields. */
  readonly defaultText?: string;
  /** Its value may be a secret and is never shown. */
  readonly secret?: boolean;
}

/** The notes of every schema that has any. */
export const fieldNotes = z.registry<FieldNotes>();

/** A whole number from `lowest` to `highest`, or without an end. */
export function integer(lowest: number, highest: number | undefined, notes: FieldNotes): z.ZodInt {
  const schema = z.int().min(lowest);
  return (highest === undefined ? schema : schema.max(highest)).register(fieldNotes, notes);
}

/** A number from `lowest` to `highest`, whole or not. */
export function number(lowest: number, highest: number, notes: FieldNotes): z.ZodNumber {
  return z.number().min(lowest).max(highest).register(fieldNotes, notes);
}

/** The schema inside `optional` and `default`. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.ZodType;
  return inner;
}

/** The alternatives of a union; a schema that is none is its only one. */
export function alternatives(schema: z.ZodType): readonly z.ZodType[] {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodUnion ? (inner.options as z.ZodType[]) : [inner];
}

/** The fields of a map schema, `{}` for any other. */
export function fieldsOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? (inner.shape as Record<string, z.ZodType>) : {};
}

/** What the schema allows, in words that read on from "must be". */
export function allowedText(schema: z.ZodType): string {
  const inner = unwrapped(schema);
  const said = fieldNotes.get(inner)?.allowed;
  if (said !== undefined) return said;
  if (inner instanceof z.ZodNumber) return numberText(inner);
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodEnum) return inner.options.map((option) => JSON.stringify(option)).join(' or ');
  if (inner instanceof z.ZodObject) return `a map {${Object.keys(inner.shape).join(', ')}}`;
  if (inner instanceof z.ZodUnion) return alternatives(inner).map(allowedText).join(' or ');
  return 'text';
}

function numberText({ minValue, maxValue, isInt }: z.ZodNumber): string {
  const kind = isInt ? 'an integer' : 'a number';
  const endless = maxValue === null || maxValue >= Number.MAX_SAFE_INTEGER;
  return endless ? `${kind} of ${minValue} or more` : `${kind} from ${minValue} to ${maxValue}`;
}
