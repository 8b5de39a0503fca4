import { describe, expect, it } from '@jest/globals';
import { EMPTY_LINE, type ReleaseLine } from '../../../../core/release/line.ts';
import { executionForLost } from '../../../../core/release/lost-upload.ts';
import { rolloutName } from '../../../../core/release/record.ts';

const HOUR_MS = 3_600_000;
const RELEASE = { key: 'consumer.zip', version: 'v2' };

function execution(ageMs: number, line: ReleaseLine = EMPTY_LINE) {
  return executionForLost({ ...RELEASE, uploadedAtMs: 1e12 - ageMs }, line, 1e12);
}

describe('an upload that nobody has taken up', () => {
  it('is taken up by the execution that its event would have started', () => {
    expect(execution(0)).toBe(rolloutName(RELEASE));
    // S3's clock may be ahead of ours.
    expect(execution(-5_000)).toBe(rolloutName(RELEASE));
  });

  it('gets another execution each hour: that of its event may have died before it wrote anything', () => {
    const names = [0, 1, 1.9, 2, 300].map((hours) => execution(hours * HOUR_MS));
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
  });

  it.each<[string, ReleaseLine]>([
    ['stable', { stable: 'v2', kept: [] }],
    ['former', { stable: 'v3', former: 'v2', kept: [] }],
    ['on its way', { next: { version: 'v2', reach: 0, canaries: false }, kept: [] }],
    ['kept', { stable: 'v1', kept: ['v2'] }],
  ])('is none where its line knows it as %s', (_title, line) => {
    expect(execution(0, line)).toBeUndefined();
  });

  it('is none after a month: its release may have come and gone, and its record with it', () => {
    expect(execution(29 * 24 * HOUR_MS)).toBeDefined();
    expect(execution(31 * 24 * HOUR_MS)).toBeUndefined();
  });
});
