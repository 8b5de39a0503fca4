import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parseConfigRecord } from '../../../../core/config-record.ts';
import { configurationPage, messagesFor } from '../../../../lab/docs/configuration-page.ts';
import { configurationSchema } from '../../../../lab/docs/configuration-schema.ts';
import { staleFiles } from '../../../../lab/docs/generate-configuration.ts';
import { fieldCases } from '../../core/config-record-cases.ts';

it('finds every generated file fresh (else: npm run docs:generate)', () => {
  expect(staleFiles()).toEqual([]);
});

describe('the page', () => {
  const blocks = [...configurationPage().matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, , text]) => text ?? '',
  );
  const [smallest, fuller, refused, messages, editor] = blocks;

  it('shows records that are valid', () => {
    for (const block of [smallest, fuller]) {
      expect(parseConfigRecord(JSON.parse(block ?? ''), { stage: 'prod' })).toMatchObject({ kind: 'valid' });
    }
  });

  it('shows what a bad record is refused with', () => {
    expect(messages).toBe(`${messagesFor(JSON.parse(refused ?? '')).join('\n')}\n`);
  });

  it('shows editor settings that point to the schema', () => {
    expect(JSON.parse(editor ?? '')['json.schemas'][0].url).toBe('./resources/config-record.schema.json');
    expect(blocks).toHaveLength(5);
  });

  it('has a row of four cells for every field', () => {
    for (const field of Object.keys(fieldCases)) {
      expect(configurationPage()).toMatch(new RegExp(`^\\| \`${field}\` \\|([^|\\n]+\\|){3}$`, 'm'));
    }
  });
});

describe('the JSON Schema', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, keywords: ['x-unit'] }).compile(
    JSON.parse(configurationSchema()),
  );

  it.each(Object.entries(fieldCases))(
    'takes and refuses what we do: %s',
    (field, { takes, refuses, wrongTypes }) => {
      for (const value of takes) {
        expect([value, validate({ pipelineId: 'a', [field]: value })]).toEqual([value, true]);
      }
      const json = [...refuses, ...wrongTypes].filter((value) => isJson(value));
      for (const value of json) {
        expect([value, validate({ pipelineId: 'a', [field]: value })]).toEqual([value, false]);
      }
    },
  );

  it('refuses unknown fields and a record without an id', () => {
    expect([validate({ pipelineId: 'a', odd: 1 }), validate({})]).toEqual([false, false]);
  });

  it('describes every field', () => {
    const { properties } = JSON.parse(configurationSchema());
    for (const field of Object.keys(fieldCases)) {
      expect(properties[field]).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    }
  });
});

/** Whether a file can hold the value: JSON has no sets, no binary, no NaN and no integers beyond a double's. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (value === null || typeof value !== 'object') return true;
  return Array.isArray(value) ? value.every(isJson) : Object.getPrototypeOf(value) === Object.prototype;
}
