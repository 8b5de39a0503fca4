import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  beginning,
  defaultText,
  groupsOf,
  kindOf,
  notesOf,
  numberText,
  type Schema,
  typedNumber,
  wayName,
  wayOf,
  withField,
} from '../../../../../operator/ui/page/pipeline/schema.ts';

const file = new URL('../../../../../resources/config-record.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
const field = (name: string) => schema.properties?.[name] ?? {};

describe('the form made from the schema', () => {
  it('has every field of the record, each once', () => {
    const shown = groupsOf(schema).flatMap(({ fields }) => fields);
    expect([...shown, 'pipelineId'].sort()).toEqual(Object.keys(schema.properties ?? {}).sort());
  });

  it.each([
    ['concurrency', 'number'],
    ['paused', 'flag'],
    ['onDelete', 'choice'],
    ['codeKey', 'text'],
    ['environment', 'names'],
    ['breaker', 'map'],
    ['rateLimit', 'ways'],
    ['spread', 'ways'],
  ])('%s is a %s', (name, kind) => {
    expect(kindOf(field(name))).toBe(kind);
  });

  it('says what a field is, and what it is if it is left out', () => {
    expect(notesOf(field('memoryMb')).what).toMatch(/^Memory of the consumer/);
    expect(notesOf(field('rateLimit')).what).not.toContain('](');
    expect(defaultText(field('timeoutSeconds'))).toBe('30');
    expect(defaultText(field('concurrency'))).toMatch(/^from rateLimit/);
    expect(defaultText(field('maxBacklog'))).toBe('');
  });

  it('knows in which way a value is given', () => {
    const limits = field('rateLimit').anyOf ?? [];
    expect(wayOf(limits, { tasks: 1, perSeconds: 1 })).toBe(0);
    expect(wayOf(limits, [{ tasks: 1, perSeconds: 1 }])).toBe(1);
    const ways = field('spread').anyOf ?? [];
    expect(ways.map((_way, at) => wayOf(ways, beginning(ways[at] ?? {})))).toEqual([0, 1, 2]);
    expect(wayOf(ways, undefined)).toBeUndefined();
    expect(new Set(ways.map(wayName)).size).toBe(ways.length);
  });

  it('keeps the order of fields when one changes, and forgets one that is left out', () => {
    const record = { pipelineId: 'a', concurrency: 2, paused: true };
    expect(JSON.stringify(withField(record, 'concurrency', 5))).toBe(
      '{"pipelineId":"a","concurrency":5,"paused":true}',
    );
    expect(withField(record, 'concurrency', undefined)).toEqual({ pipelineId: 'a', paused: true });
    expect(withField(record, 'memoryMb', 512)).toEqual({ ...record, memoryMb: 512 });
  });

  it.each([
    ['12', 12],
    [' 0.5', 0.5],
    ['', undefined],
    ['many', 'many'],
  ])('typed %j is %j', (text, value) => {
    expect(typedNumber(text)).toEqual(value);
  });

  it('leaves a number as it is typed, and shows what is set from elsewhere', () => {
    const texts = ['0', '0.', '0.2', '0.25', '1e', '-', ''];
    expect(texts.map((text) => numberText(text, typedNumber(text)))).toEqual(texts);
    expect(numberText('0.', 7)).toBe('7');
    expect(numberText('0.25', undefined)).toBe('');
    expect(numberText('', 30)).toBe('30');
  });
});
