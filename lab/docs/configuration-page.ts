import * as z from 'zod';
import { crossFieldRules } from '../../core/config-record/cross-field-rules.ts';
import {
  allowedText,
  alternatives,
  fieldNotes,
  fieldsOf,
  unwrapped,
} from '../../core/config-record/field-notes.ts';
import { configRecordSchema } from '../../core/config-record/schema.ts';
import { parseConfigRecord } from '../../core/config-record.ts';
import { problemMessage } from '../../core/problems.ts';

const EXAMPLE = {
  pipelineId: 'customer-42',
  concurrency: 4,
  rateLimit: [
    { tasks: 10, perSeconds: 1 },
    { tasks: 5000, perSeconds: 86400 },
  ],
  timeoutSeconds: 60,
  memoryMb: 512,
  environment: { LOG_LEVEL: 'info', API_KEY: 'secret:sluice/prod/customers/42' },
  breaker: {},
  idempotency: { key: 'order.id', seconds: 604800 },
  spread: { minSeconds: 0, maxSeconds: 600 },
  maxBacklog: 100000,
};

const BAD_EXAMPLE = {
  pipelineId: 'customer-42',
  concurency: 4,
  rateLimit: [{ tasks: 0, perSeconds: 1 }],
  timeoutSeconds: '60',
  batchSize: 50,
};

/** docs/configuration.md, made from the schema. */
export function configurationPage(): string {
  return `# Configuration: the config record

<!-- Made from core/config-record by \`npm run docs:generate\`: edit it there. -->

One record in the table \`sluice-<stage>-pipelines\` is one pipeline. Add it and the pipeline appears, edit it
and the pipeline changes, delete it and the pipeline drains and goes. Only \`pipelineId\` is required:

\`\`\`json
{ "pipelineId": "customer-42" }
\`\`\`

A fuller one:

\`\`\`json
${JSON.stringify(EXAMPLE, null, 2)}
\`\`\`

All fields are plain attributes that can be typed in the DynamoDB console: type Number for numbers, Boolean for
true and false, Map for \`environment\`, \`rateLimit\`, \`breaker\`, \`idempotency\` and \`spread\`, List for several rate
limits. Sets and binary are not used. A field that is left out has its default.

## Fields

| field | must be | default | meaning |
|---|---|---|---|
${fieldRows(configRecordSchema).join('\n')}

## Rules between fields

${crossFieldRules.map(({ rule, source }) => `- ${rule}${source === undefined ? '' : ` [AWS](${source})`}`).join('\n')}

## When a record is refused

A record with anything wrong in it is refused as a whole: the status record becomes \`Rejected\` and says why, and a
pipeline that is running goes on as it was. An unknown field refuses the record too, so that a slip of the pen is not
taken for a default. Everything wrong is said at once. This record

\`\`\`json
${JSON.stringify(BAD_EXAMPLE, null, 2)}
\`\`\`

is refused with

\`\`\`text
${messagesFor(BAD_EXAMPLE).join('\n')}
\`\`\`

The sentences are for people and may change. For programs the status has each problem's \`path\`, \`code\`, \`allowed\`,
\`given\` and \`hint\` in \`error.problems\`, at most 50 of them. The codes are \`Missing\`, \`WrongType\`, \`OutOfRange\`,
\`NotAllowed\`, \`UnknownField\`, \`Conflict\` (with another field) and \`AccountLimit\` (right, but more than the account
has). Values of \`environment\` and of unknown fields are never repeated.

## Editors

[\`resources/config-record.schema.json\`](../resources/config-record.schema.json) is a JSON Schema of all fields, without
the rules between them. In VS Code, for the files that you keep your records in:

\`\`\`json
{
  "json.schemas": [{ "fileMatch": ["pipelines/*.json"], "url": "./resources/config-record.schema.json" }]
}
\`\`\`
`;
}

/** What a person is told about a record, a line for each problem. */
export function messagesFor(record: unknown): string[] {
  const parsed = parseConfigRecord(record, { stage: 'prod' });
  return parsed.kind === 'valid' ? [] : parsed.problems.map(problemMessage);
}

function fieldRows(schema: z.ZodType, prefix = ''): string[] {
  return Object.entries(fieldsOf(schema)).flatMap(([name, field]) => {
    const notes = fieldNotes.get(unwrapped(field));
    const cells = [`\`${prefix}${name}\``, mustBe(field), defaultText(field), notes?.description ?? ''];
    return [`| ${cells.join(' | ')} |`, ...insideRows(field, `${prefix}${name}.`)];
  });
}

/** Fields inside a map, or inside the maps of a list; each once, however many alternatives have it. */
function insideRows(field: z.ZodType, prefix: string): string[] {
  const maps = alternatives(field).map((one) =>
    one instanceof z.ZodArray ? (one.element as z.ZodType) : one,
  );
  return [...new Set(maps.flatMap((map) => fieldRows(map, prefix)))];
}

function mustBe(field: z.ZodType): string {
  const unit = fieldNotes.get(unwrapped(field))?.unit;
  return unit === undefined || /second/.test(allowedText(field))
    ? allowedText(field)
    : `${allowedText(field)} (${unit})`;
}

function defaultText(field: z.ZodType): string {
  const said = fieldNotes.get(unwrapped(field))?.defaultText;
  if (said !== undefined) return said;
  if (field instanceof z.ZodDefault) return `\`${JSON.stringify(field.def.defaultValue)}\``;
  return field instanceof z.ZodOptional ? 'none' : 'required';
}
