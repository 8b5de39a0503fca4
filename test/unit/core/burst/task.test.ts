import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entryBytes } from '../../../../core/batches.ts';
import { attributeBytes, documentBody, readBody, readLine, taskBody } from '../../../../core/burst/task.ts';

describe("a task's body", () => {
  it('is JSON that says the task again and holds no character that SQS refuses', () => {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    const isTaken = (point: number) =>
      [0x9, 0xa, 0xd].includes(point) ||
      (point >= 0x20 && point <= 0xd7ff) ||
      (point >= 0xe000 && point <= 0xfffd) ||
      point >= 0x10000;
    const any = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(fc.oneof(any, fc.constantFrom('\uFFFE', '\uFFFF\u0000', '\uD800')), (task) => {
        const body = taskBody(task);
        expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(task)));
        expect([...body].filter((one) => !isTaken(one.codePointAt(0) ?? 0))).toEqual([]);
      }),
    );
  });

  it('numbers documents from 1', () => {
    expect(documentBody(1)).toBe('{"document":2}');
  });
});

const place = { index: 3, endByte: 40 };

describe('a line of JSON Lines', () => {
  it('is a task as it stands there, without what stands around it', () => {
    expect(readLine(' {"a": [1, 2]}\r', place, 'b')).toEqual({
      ...place,
      kind: 'task',
      body: '{"a": [1, 2]}',
      bytes: 13 + attributeBytes('b'),
      said: {},
    });
    expect(readLine('\uFEFF1', place, 'b')).toMatchObject({ body: '1' });
  });

  it('says how long its task takes, and how large it is', () => {
    const line = readLine('{"estimatedSeconds": 3, "sizeBytes": 1000, "x": 1}', place, 'b');
    expect(line).toMatchObject({ said: { estimatedSeconds: 3, sizeBytes: 1000 } });
  });

  it('holds no character that SQS refuses', () => {
    expect(readLine('"\uFFFE"', place, 'b')).toMatchObject({ body: '"\\ufffe"' });
  });

  it('is no task where nothing stands in it', () => {
    expect(readLine(' \r', place, 'b')).toBeUndefined();
  });

  it.each(['{', 'text', '{"a":1} {"a":2}', "{'a':1}"])('is refused where it is no JSON: %s', (text) => {
    expect(readLine(text, place, 'b')).toEqual({ ...place, kind: 'refused', code: 'InvalidJson' });
  });

  it('is refused as too large, and not as no JSON, where only its beginning was read', () => {
    const cut = `"${'x'.repeat(2_000_000)}`;
    expect(readLine(cut, place, 'b')).toEqual({ ...place, kind: 'refused', code: 'TooLarge' });
  });
});

describe('a body', () => {
  it('counts no less than SQS counts with all its attributes, and is refused just above a mebibyte', () => {
    const attributes = {
      'sluice-burst': { type: 'String', value: 'my burst#mg3k2x1a9' },
      'sluice-index': { type: 'Number', value: '10000000' },
      'sluice-total': { type: 'Number', value: '10000000' },
      SluiceDue: { type: 'Number', value: '1800000000000' },
    };
    expect(attributeBytes('my burst')).toBe(entryBytes({ body: '', attributes }));
    const most = 1_048_576 - attributeBytes('my burst');
    expect(readBody('x'.repeat(most), {}, place, 'my burst')).toMatchObject({
      kind: 'task',
      bytes: 1_048_576,
    });
    expect(readBody('x'.repeat(most + 1), {}, place, 'my burst')).toMatchObject({ code: 'TooLarge' });
    // A character of three bytes.
    expect(readBody('€'.repeat(most / 2), {}, place, 'my burst')).toMatchObject({ code: 'TooLarge' });
  });
});
