import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOlder, uploadsIn } from '../../../core/code-event.ts';

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

  it('says the version and the sequencer where S3 does', () => {
    expect(uploadsIn(message({ key: 'a.zip', versionId: 'v1', sequencer: '0055' }))).toEqual([
      { key: 'a.zip', bucket: 'code', version: 'v1', sequencer: '0055' },
    ]);
    expect(uploadsIn(message({ key: 'a.zip', versionId: '', sequencer: '0' }))).toEqual([
      { key: 'a.zip', bucket: 'code', sequencer: '0' },
    ]);
  });

  it('names each key once, and needs neither version nor sequencer', () => {
    const text = message(
      { key: 'a.zip', versionId: 'v1', sequencer: '0' },
      { key: 'a.zip' },
      { key: 'b.zip' },
    );
    expect(uploadsIn(text)).toEqual([
      { key: 'a.zip', bucket: 'code' },
      { key: 'b.zip', bucket: 'code' },
    ]);
  });

  it('is the latest of several of one key, as far as that can be told', () => {
    const old = { key: 'a.zip', versionId: 'v1', sequencer: '0055' };
    const young = { key: 'a.zip', versionId: 'v2', sequencer: '0056' };
    const versions = (...objects: (typeof old)[]) =>
      uploadsIn(message(...objects)).map(({ version }) => version);
    expect(versions(old, young)).toEqual(['v2']);
    expect(versions(young, old)).toEqual(['v2']);
    expect(versions(young, { ...old, sequencer: '0' })).toEqual(['v1']);
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

describe('the order of uploads', () => {
  const hex = fc.stringMatching(/^[0-9A-Fa-f]{1,20}$/);

  it.each<[string | undefined, string | undefined, boolean]>([
    ['0055AED6DCD90281E5', '0055AED6DCD90281E6', true],
    ['0055AED6DCD90281E6', '0055AED6DCD90281E5', false],
    ['0055AED6DCD90281E5', '0055AED6DCD90281E5', false],
    ['0055aed6dcd90281e5', '0055AED6DCD90281E6', true],
    // Whichever side the shorter one is padded on.
    ['0055', '0055AED6', true],
    // Older by its left side, younger by its right.
    ['55', '0054AED6', false],
    ['0', '0055AED6DCD90281E5', false],
    ['0055AED6DCD90281E5', '000', false],
    [undefined, '0055AED6DCD90281E5', false],
    ['0055AED6DCD90281E5', undefined, false],
    ['', '0055', false],
    ['not hexadecimal', '0055', false],
  ])('%s is provably older than %s: %s', (one, other, older) => {
    expect(isOlder(one, other)).toBe(older);
  });

  it('never holds both ways round, nor of one and the same', () => {
    fc.assert(
      fc.property(hex, hex, (one, other) => {
        expect(isOlder(one, one)).toBe(false);
        expect(isOlder(one, other) && isOlder(other, one)).toBe(false);
      }),
    );
  });
});
