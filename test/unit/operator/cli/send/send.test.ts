import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BurstOutlook } from '../../../../../core/burst/foresee.ts';
import type { BurstResult } from '../../../../../core/burst/result.ts';
import * as send from '../../../../../operator/cli/commands/send.ts';
import { readTaskFile, tasksForCall } from '../../../../../operator/cli/send/task-file.ts';
import { type Typing, typed } from '../typed.ts';

const outlook: BurstOutlook = {
  pipelineId: 'a',
  bounds: { concurrency: 4, rateLimits: [], backlog: 0 },
  measured: { meanSeconds: 2, p95Seconds: 2 },
  timeoutSeconds: 30,
  messageRetentionSeconds: 1_209_600,
  isPaused: false,
};
const result: BurstResult = {
  burstId: 'b',
  pipelineId: 'a',
  state: 'sent',
  total: 40,
  accepted: 40,
  notAccepted: 0,
  failed: [],
  spread: { minSeconds: 0, maxSeconds: 0 },
  predicted: {
    peakConcurrency: 4,
    finishSeconds: 20,
    finishRange: { fromSeconds: 20, toSeconds: 20 },
    waitSeconds: 0,
  },
  estimate: { source: 'measured', meanSeconds: 2 },
  boundBy: 'concurrency',
};

let sent: unknown[];
let kept: Uint8Array[];
beforeEach(() => {
  sent = [];
  kept = [];
});

const call = (
  options: Typing['options'],
  more: Typing & { result?: BurstResult; outlook?: Partial<BurstOutlook> } = {},
) =>
  typed(send, {
    args: ['a'],
    options: { watch: false, ...options },
    desk: {
      outlook: async () => ({ ...outlook, ...more.outlook }),
      send: async (burst) => {
        sent.push(burst);
        return more.result ?? result;
      },
      keepTasks: async (bytes) => {
        kept.push(bytes);
        return { bucket: 'bursts', key: 'sent/1.jsonl' };
      },
    },
    ...more,
  });

describe('sluice send', () => {
  it('says what will come of it, then hands the tasks over, and says what SQS has', async () => {
    const { code, out, said } = await call({ count: 40 });
    expect(said).toEqual([
      'a: 40 tasks of about 2.0 s, as it took of late',
      'predicted: over in 20 s (16 s to 25 s), at most 4 at once, due at once',
      'bound by its concurrency, 4 at once',
    ]);
    expect(out).toEqual(['a b: 40 of 40 tasks with SQS']);
    expect(sent).toEqual([{ pipelineId: 'a', count: 40 }]);
    expect(code).toBe(0);
  });

  it('hands over how it is to be spread, and under which id', async () => {
    await call({ count: 40, spread: { minSeconds: 10, maxSeconds: 100 }, burstId: 'mine' });
    expect(sent).toEqual([
      { pipelineId: 'a', count: 40, spread: { minSeconds: 10, maxSeconds: 100 }, burstId: 'mine' },
    ]);
  });

  it('sends nothing where the goal is out of reach, and says what is not', async () => {
    await expect(call({ count: 40, finishWithin: 5 })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('20 s — nothing was sent'),
    });
    expect(sent).toEqual([]);
  });

  it('sends nothing where it is only asked what would come of it', async () => {
    const { out } = await call({ count: 40, dryRun: true, json: true });
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      pipelineId: 'a',
      total: 40,
      predicted: { peakConcurrency: 4, finishSeconds: 20 },
      boundBy: 'concurrency',
    });
    expect(sent).toEqual([]);
  });

  it('tells programs how many will run at which second, in as many points for a burst of any size', async () => {
    for (const count of [40, 200_000]) {
      const { out } = await call({ count, dryRun: true, json: true });
      const { curve, predicted } = JSON.parse(out[0] ?? '');
      expect(curve).toHaveLength(121);
      expect(curve[0]).toEqual({ atSeconds: 0, running: 4 });
      expect(curve.at(-1).atSeconds).toBeCloseTo(predicted.finishSeconds, 3);
    }
  });

  it('says of a paused pipeline that nothing starts', async () => {
    const { said } = await call({ count: 40 }, { outlook: { isPaused: true } });
    expect(said.at(-1)).toBe('a is paused: none starts until sluice resume a');
  });

  it.each([
    [
      'forcedOpen',
      'its breaker is forced open by its record',
      'a: its breaker is forced open by its record: none starts until that changes — what would change it: sluice breaker a auto',
    ],
    [
      'held',
      'held until noon',
      'a: held until noon: none starts before, and all that is predicted comes later — what would change it: wait',
    ],
  ] as const)('says before it sends what stops the work: %s', async (kind, says, line) => {
    const stopped = { kind, says, remedy: { action: 'wait' } };
    const { said, out } = await call({ count: 40, dryRun: true, json: true }, { outlook: { stopped } });
    expect(said.at(-1)).toBe(line);
    expect(JSON.parse(out.join(''))).toMatchObject({ stopped });
  });

  it('ends not well where SQS did not take all, and names them', async () => {
    const partly = { ...result, accepted: 38, notAccepted: 2, failed: [{ index: 6, code: 'TooLarge' }] };
    const { code, out, said } = await call({ count: 40 }, { result: partly });
    expect(code).toBe(1);
    expect(out).toEqual(['a b: 38 of 40 tasks with SQS, 2 not taken']);
    expect(said.at(-1)).toBe('task 7 was not taken: TooLarge');
  });

  it.each([{}, { count: 1, file: 'x' }])('wants either a count or a file: %j', async (options) => {
    await expect(call(options)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--count 20'),
    });
  });

  it('writes the trigger’s answer for programs, with the curve that is to be expected', async () => {
    const { out } = await call({ count: 40, json: true });
    const answers = out.map((line) => JSON.parse(line));
    expect(answers).toEqual([{ ...result, curve: expect.any(Array) }]);
    expect(answers[0].curve).toHaveLength(121);
  });
});

describe('sluice send --file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-send-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const fileOf = async (text: string) => {
    const path = join(folder, 'tasks.jsonl');
    await writeFile(path, text);
    return path;
  };

  it('sends a line of JSON each, and plans by what they say of themselves', async () => {
    const file = await fileOf('{"page":1,"estimatedSeconds":4}\n\n{"page":2,"estimatedSeconds":8}\n');
    const { said } = await call({ file });
    expect(said[0]).toBe('a: 2 tasks of about 6.0 s, as they say themselves');
    expect(sent).toEqual([
      {
        pipelineId: 'a',
        tasks: [
          { page: 1, estimatedSeconds: 4 },
          { page: 2, estimatedSeconds: 8 },
        ],
      },
    ]);
  });

  it('reads standard input', async () => {
    await call({ file: '-' }, { input: '1\n"two"' });
    expect(sent).toEqual([{ pipelineId: 'a', tasks: [1, 'two'] }]);
  });

  it('uploads what is too large for a call', async () => {
    const line = `${JSON.stringify({ text: 'x'.repeat(1_000) })}\n`;
    await call({ file: await fileOf(line.repeat(5_000)) });
    expect(sent).toEqual([{ pipelineId: 'a', source: { bucket: 'bursts', key: 'sent/1.jsonl' } }]);
    expect(kept[0]?.byteLength).toBe(line.length * 5_000);
  });

  it('sends nothing where a line could never be sent, and says which', async () => {
    const file = await fileOf(`{"page":1}\n{"page":\n${JSON.stringify('x'.repeat(1_100_000))}\n`);
    await expect(call({ file })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('line 2 is no JSON, line 3 is larger than 1 MiB'),
    });
    expect(sent).toEqual([]);
  });

  it('puts tasks into S3 whose numbers a program would change', async () => {
    await call({ file: await fileOf('{"id":12345678901234567890}\n') });
    expect(sent).toEqual([{ pipelineId: 'a', source: { bucket: 'bursts', key: 'sent/1.jsonl' } }]);
    expect(Buffer.from(kept[0] ?? []).toString()).toBe('{"id":12345678901234567890}\n');
  });

  it('wants a file that is there, with tasks in it', async () => {
    await expect(call({ file: join(folder, 'none') })).rejects.toMatchObject({ exitCode: 2 });
    await expect(call({ file: await fileOf('\n\n') })).rejects.toThrow('holds no tasks');
  });

  it('keeps to what the trigger takes in a call, in bytes and in tasks', () => {
    const known = { timeoutSeconds: 30 };
    const many = readTaskFile(new TextEncoder().encode('1\n'.repeat(50_001)), 'f', known);
    expect(tasksForCall(many)).toBeUndefined();
    const few = readTaskFile(new TextEncoder().encode('1\n'.repeat(3)), 'f', known);
    expect(tasksForCall(few)).toEqual([1, 1, 1]);
  });
});
