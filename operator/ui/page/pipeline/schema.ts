/** What of a JSON Schema the form is made from. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly 'x-unit'?: string;
}

/** The ways of giving a field. */
export type FieldKind = 'number' | 'flag' | 'choice' | 'text' | 'names' | 'map' | 'list' | 'ways';

export function kindOf(schema: Schema): FieldKind {
  if (schema.anyOf !== undefined) return 'ways';
  if (schema.enum !== undefined) return 'choice';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'boolean') return 'flag';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return schema.properties === undefined ? 'names' : 'map';
  return 'text';
}

/** The description says first what it is, then what is allowed, and what it is if it is left out. */
export function notesOf({ description = '' }: Schema): { readonly what: string; readonly must: string } {
  const [what = '', must = ''] = description.split('\n\n');
  return { what: plain(what), must: plain(must) };
}

/** Descriptions are Markdown: `code` and [links](somewhere). */
function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/`/g, '');
}

/** What a field is if it is left out, for its place: a default of the schema, or what the description says of one. */
export function defaultText(schema: Schema): string {
  if (schema.default !== undefined && typeof schema.default !== 'object') return String(schema.default);
  const said = /Default: (.+)\.$/.exec(notesOf(schema).must)?.[1];
  return said ?? '';
}

/** What a way, an entry or a map begins with. */
export function beginning(schema: Schema): unknown {
  const kind = kindOf(schema);
  if (kind === 'map') {
    const required = (schema as { required?: readonly string[] }).required ?? [];
    return Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([name]) => required.includes(name))
        .map(([name, field]) => [name, beginning(field)]),
    );
  }
  if (kind === 'list') return [beginning(schema.items ?? {})];
  if (kind === 'number') return schema.minimum ?? 0;
  if (kind === 'flag') return false;
  if (kind === 'choice') return schema.enum?.[0];
  return kind === 'names' ? {} : '';
}

/** Which of several ways a value is given in; undefined where it is given in none. */
export function wayOf(ways: readonly Schema[], value: unknown): number | undefined {
  const found = ways.findIndex((way) => {
    if (Array.isArray(value)) return kindOf(way) === 'list';
    if (typeof value !== 'object' || value === null) return false;
    const names = Object.keys(way.properties ?? {});
    return names.length > 0 && Object.keys(value).every((name) => names.includes(name));
  });
  return found === -1 ? undefined : found;
}

/** What to call a way: what it has. */
export function wayName(way: Schema): string {
  const fields = Object.values(way.properties ?? {}).map(({ title }) => title?.toLowerCase());
  const name = way.title?.toLowerCase() ?? fields.join(' and ');
  return kindOf(way) === 'list' ? `several ${name}` : name;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A record with a field set, or left out where the value is undefined. */
export function withField(record: Fields, name: string, value: unknown): Fields {
  const { [name]: _before, ...others } = record;
  if (value === undefined) return others;
  return name in record
    ? Object.fromEntries(Object.entries(record).map(([key, old]) => [key, key === name ? value : old]))
    : { ...record, [name]: value };
}

/** What was typed as a number; text that is none stays text, and the check says what is wrong with it. */
export function typedNumber(text: string): unknown {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** What stands in the field of a number: what was typed, such as `0.`, as long as that is the value. */
export function numberText(typed: string, value: unknown): string {
  if (typedNumber(typed) === value) return typed;
  return value === undefined ? '' : String(value);
}

/** Fields that belong together, for people. What the schema has besides comes last. */
export interface Group {
  readonly name: string;
  readonly fields: readonly string[];
}

const GROUPS: readonly Group[] = [
  { name: 'Limits', fields: ['paused', 'concurrency', 'rateLimit', 'spread', 'breaker', 'maxBacklog'] },
  {
    name: 'Consumer',
    fields: ['timeoutSeconds', 'memoryMb', 'environment', 'codeKey', 'codeVersion', 'canary'],
  },
  { name: 'Tasks', fields: ['maxAttempts', 'batchSize', 'batchWindowSeconds', 'idempotency', 'progress'] },
  { name: 'Queue', fields: ['visibilityTimeoutSeconds', 'maxReceiveCount', 'messageRetentionSeconds'] },
  { name: 'Life', fields: ['restWhenIdleSeconds', 'onDelete', 'drainTimeoutSeconds', 'expiresAt'] },
];

export function groupsOf({ properties = {} }: Schema): readonly Group[] {
  const placed = new Set(['pipelineId', ...GROUPS.flatMap(({ fields }) => fields)]);
  const others = Object.keys(properties).filter((name) => !placed.has(name));
  const known = GROUPS.map(({ name, fields }) => ({
    name,
    fields: fields.filter((one) => one in properties),
  }));
  return others.length === 0 ? known : [...known, { name: 'More', fields: others }];
}
