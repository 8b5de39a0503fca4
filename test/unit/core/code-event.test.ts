import { describe, expect, it } from '@jest/globals';
import { rolloutName, uploadsIn } from '../../../core/code-event.ts';

function message(
  ...objects: { key: string; eventName?: string; versionId?: string; sequencer?: string }[]
): string {
  return JSON.stringify({
    Records: objects.map(({ eventName = 'ObjectCreated:Put', ...object }) => ({
      eventName,
      s3: { bucket: { name: 'code' }, object },
    })),
  });
}

describe('an upload event', () => {
  it.each([
    ['consumer.zip', 'consumer.zip'],
    ['team+a/my%2Bcode.zip', 'team a/my+code.zip'],
    ['%C3%BCber.zip', 'über.zip'],
    ['100%.zip', '100%.zip'],
  ])('names the key %s as %s', (key, decoded) => {
    expect(uploadsIn(message({ key }))).toEqual([{ key: decoded, bucket: 'code' }]);
  });

  it('names each key once, and needs neither version nor sequencer', () => {
    const text = message(
      { key: 'a.zip', versionId: 'v1', sequencer: '0' },
      { key: 'a.zip' },
      { key: 'b.zip' },
    );
    expect(uploadsIn(text).map(({ key }) => key)).toEqual(['a.zip', 'b.zip']);
  });

  it('is none where S3 only tests the topic, or tells of a deletion', () => {
    expect(
      uploadsIn(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'code' })),
    ).toEqual([]);
    expect(uploadsIn(message({ key: 'a.zip', eventName: 'ObjectRemoved:DeleteMarkerCreated' }))).toEqual([]);
  });

  it.each(['no json', '[]', '{}', '{"Records":[{}]}', 'null'])(
    'cannot be read from %s, and says so',
    (text) => {
      expect(() => uploadsIn(text)).toThrow(expect.objectContaining({ code: 'UnreadableCodeEvent' }));
    },
  );
});

describe("a rollout's name", () => {
  it('follows from key and version, and fits Step Functions', () => {
    const name = rolloutName({ key: 'a b/ü.zip', version: 'x'.repeat(1024) });
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    expect(rolloutName({ key: 'a', version: 'b' })).toBe(rolloutName({ key: 'a', version: 'b' }));
    expect(rolloutName({ key: 'a', version: 'b' })).not.toBe(rolloutName({ key: 'a', version: 'c' }));
    expect(rolloutName({ key: 'a', version: 'b' })).not.toBe(rolloutName({ key: 'c', version: 'b' }));
  });
});
