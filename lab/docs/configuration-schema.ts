import * as z from 'zod';
import { allowedText, fieldNotes, unwrapped } from '../../core/config-record/field-notes.ts';
import { configRecordSchema } from '../../core/config-record/schema.ts';

/** resources/config-record.schema.json, made from the schema: draft 7, which every editor knows. */
export function configurationSchema(): string {
  const schema = z.toJSONSchema(configRecordSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const notes = fieldNotes.get(zodSchema);
      if (notes === undefined) return;
      jsonSchema.title = notes.title;
      jsonSchema.description = `${notes.description}\n\nMust be ${allowedText(unwrapped(zodSchema as unknown as z.ZodType))}.${defaultLine(notes.defaultText)}`;
      if (notes.unit !== undefined) jsonSchema['x-unit'] = notes.unit;
      // Zod's own end of all integers is no rule of ours.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const { $schema, ...rest } = schema;
  const titled = {
    $schema,
    title: 'Sluice config record',
    description: 'One record is one pipeline.',
    ...rest,
  };
  return `${formatJson(titled)}\n`;
}

function defaultLine(defaultText: string | undefined): string {
  return defaultText === undefined ? '' : ` Default: ${defaultText}.`;
}

/** As the formatter writes it: lists of plain values on one line. */
function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /\[\n\s+("[^"\n]*"(?:,\n\s+"[^"\n]*")*)\n\s+\]/g,
    (_all, items) => `[${String(items).replace(/,\n\s+/g, ', ')}]`,
  );
}
