import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseConfigRecord } from '../../../core/config-record.ts';

const folder = join(import.meta.dirname, '../../../examples/pipelines');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

describe('examples/pipelines', () => {
  it('holds three records', () => {
    expect(files).toEqual(['customer-a.json', 'customer-b.json', 'website-c.json']);
  });

  it.each(files)('%s is a valid config record, named as its file', (file) => {
    const record: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const parsed = parseConfigRecord(record, { stage: 'local' });
    expect(parsed).toMatchObject({ kind: 'valid', wanted: { pipelineId: file.replace('.json', '') } });
  });
});
