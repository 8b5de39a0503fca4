import { createHash } from 'node:crypto';
import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  ListObjectsV2Command,
  type ListObjectsV2Output,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { S3Event } from 'aws-lambda';
import { burstFingerprint } from '../../../core/burst/fingerprint.ts';
import { createIntake } from '../../../examples/documents/intake.ts';

/** What S3 says of an object with If-None-Match that is there. */
const THERE = { name: 'PreconditionFailed', $fault: 'client', $metadata: { httpStatusCode: 412 } } as const;

interface Handed {
  readonly pipelineId: string;
  readonly burstId: string;
  readonly source: { readonly bucket: string; readonly key: string };
}

/** Two buckets and a trigger that notes what it is given; pages of S3's listing have two objects. */
function world() {
  const uploads = new Map<string, number>();
  const bursts = new Map<string, string>();
  const handed: Handed[] = [];
  let writes = 0;
  let fails: Error | undefined;

  function listed({
    Bucket,
    Prefix = '',
    ContinuationToken,
  }: ListObjectsV2Command['input']): ListObjectsV2Output {
    if (Bucket !== 'uploads') throw new Error(`no permission to list ${Bucket}`);
    const keys = [...uploads.keys()].filter((key) => key.startsWith(Prefix)).sort();
    const from = Number(ContinuationToken ?? 0);
    const page = keys.slice(from, from + 2).map((key) => ({ Key: key, Size: uploads.get(key) ?? 0 }));
    return from + 2 < keys.length
      ? { Contents: page, NextContinuationToken: `${from + 2}` }
      : { Contents: page };
  }
  function put({ Bucket, Key = '', Body, IfNoneMatch }: PutObjectCommand['input']): void {
    if (Bucket !== 'bursts' || !Key.startsWith('documents/'))
      throw new Error(`no permission to write ${Key}`);
    if (fails !== undefined) throw fails;
    if (IfNoneMatch === '*' && bursts.has(Key)) throw new S3ServiceException(THERE);
    bursts.set(Key, String(Body));
    writes += 1;
  }
  const s3 = {
    async send(command: unknown) {
      if (command instanceof ListObjectsV2Command) return listed(command.input);
      if (command instanceof PutObjectCommand) return put(command.input);
      throw new Error('no permission');
    },
  } as unknown as S3Client;
  const lambda = {
    async send({ input }: InvokeCommand) {
      expect(input).toMatchObject({ FunctionName: 'trigger', InvocationType: 'Event' });
      handed.push(JSON.parse(String(input.Payload)));
    },
  } as unknown as LambdaClient;

  const intake = createIntake({ s3, lambda, burstBucket: 'bursts', trigger: 'trigger' });
  return {
    bursts,
    handed,
    writes: () => writes,
    breakWith: (error: Error) => {
      fails = error;
    },
    upload: (...names: readonly string[]) => {
      for (const name of names) uploads.set(`uploads/${name}`, 10 * name.length);
    },
    tell: (...keys: readonly string[]) =>
      intake({
        Records: keys.map((key) => ({ s3: { bucket: { name: 'uploads' }, object: { key } } })),
      } as unknown as S3Event),
    /** As the trigger tells bursts under one id apart. */
    fingerprintOf: ({ source }: Handed) => {
      const etag = createHash('md5')
        .update(bursts.get(source.key) ?? '')
        .digest('hex');
      return burstFingerprint({ kind: 'object', ...source }, etag);
    },
  };
}

const MARKER = 'uploads/customer-a/november/_COMPLETE';

describe('the intake of documents', () => {
  beforeEach(() => {
    jest.spyOn(console, 'log').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('hands over a task for each document of the upload, and of no other', async () => {
    const { upload, tell, handed, bursts } = world();
    upload('customer-a/november/1.pdf', 'customer-a/november/2.pdf', 'customer-a/november/3.pdf');
    upload('customer-a/november/_COMPLETE', 'customer-a/november-2/4.pdf', 'customer-b/november/5.pdf');
    await tell(MARKER);
    expect(handed).toEqual([
      {
        pipelineId: 'customer-a',
        burstId: 'customer-a/november',
        source: {
          bucket: 'bursts',
          key: expect.stringMatching(/^documents\/customer-a\/november\/[0-9a-f]{64}\.jsonl$/),
        },
      },
    ]);
    const lines =
      bursts
        .get(handed[0]?.source.key ?? '')
        ?.trimEnd()
        .split('\n') ?? [];
    expect(lines.map((line) => JSON.parse(line).document)).toEqual([
      'uploads/customer-a/november/1.pdf',
      'uploads/customer-a/november/2.pdf',
      'uploads/customer-a/november/3.pdf',
    ]);
  });

  it('makes the same burst of the same upload told twice, and writes it once', async () => {
    const { upload, tell, handed, fingerprintOf, writes } = world();
    upload('customer-a/november/1.pdf');
    await tell(MARKER, MARKER);
    await tell(MARKER);
    expect(handed).toHaveLength(3);
    expect(new Set(handed.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(new Set(handed.map(fingerprintOf)).size).toBe(1);
    expect(writes()).toBe(1);
  });

  it('leaves alone what a burst reads, where the upload has another document by now: that is another one', async () => {
    const { upload, tell, handed, bursts, fingerprintOf } = world();
    upload('customer-a/november/1.pdf');
    await tell(MARKER);
    const before = new Map(bursts);
    upload('customer-a/november/2.pdf');
    await tell(MARKER);
    for (const [key, tasks] of before) expect(bursts.get(key)).toBe(tasks);
    const [first, second] = handed;
    expect(second?.burstId).toBe(first?.burstId);
    expect(new Set(handed.map(fingerprintOf)).size).toBe(2);
  });

  it('hands nothing over of an upload without documents, nor of what is no marker', async () => {
    const { upload, tell, handed, bursts } = world();
    upload('customer-a/november/_COMPLETE', 'customer-a/december/1.pdf');
    await tell(MARKER, 'uploads/customer-a/december/1.pdf');
    expect([handed, [...bursts]]).toEqual([[], []]);
  });

  it('fails, and is called again, where the tasks cannot be written', async () => {
    const { upload, tell, handed, breakWith } = world();
    upload('customer-a/november/1.pdf');
    breakWith(new S3ServiceException({ ...THERE, name: 'SlowDown' }));
    await expect(tell(MARKER)).rejects.toMatchObject({ name: 'SlowDown' });
    expect(handed).toEqual([]);
  });
});
