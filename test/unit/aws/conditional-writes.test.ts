import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../aws/ports.ts';
import { newStatus } from '../../../core/status-record.ts';
import type { FakeAws, Reply } from './fake-aws.ts';
import { startFakeStage } from './fake-stage.ts';
import { refusedWrite } from './replies.ts';

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage());
});
afterEach(() => aws.stop());

describe('compare and set', () => {
  const refusal = (writeId: string) => refusedWrite({ writeId: { S: writeId } });

  it('knows its own write again when the reply to it was lost', async () => {
    aws.replyWith({ drop: true });
    const written = ports.statuses.write(newStatus('a', ''));
    await until(() => aws.seen.length === 1);
    const put = aws.seen[0]?.body as { Item: { writeId: { S: string } } } | undefined;
    aws.replyWith(refusal(put?.Item.writeId.S ?? ''));
    expect(await written).toBe('written');
    expect(aws.seen).toHaveLength(2);
  });

  it('takes the write of anybody else for a conflict', async () => {
    aws.replyWith(refusal('other'), refusedWrite());
    expect(await ports.ledgers.write('a', 1, 3)).toBe('conflict');
    expect(await ports.ledgers.write('a', 1, 0)).toBe('conflict');
  });
});

describe('reserving', () => {
  const refused = (nextMs?: number) =>
    refusedWrite(nextMs === undefined ? undefined : { nextMs: { N: String(nextMs) } });
  const next = (nextMs: number): Reply => ({ body: { Attributes: { nextMs: { N: String(nextMs) } } } });
  const request = { nowMs: 1_000, spacingMs: 100, count: 2, horizonMs: 500 };

  it.each<[string, Reply[], unknown]>([
    ['a busy ledger takes one update', [next(1_200)], { kind: 'granted', startMs: 1_200 }],
    ['a full ledger takes one', [refused(1_501)], { kind: 'full', nextFreeMs: 1_501 }],
    ['an idle ledger takes two', [refused(999), next(999)], { kind: 'granted', startMs: 1_000 }],
    ['a new ledger takes two', [refused(), {}], { kind: 'granted', startMs: 1_000 }],
    [
      'a race to an idle ledger takes three',
      [refused(), refused(1_200), next(1_200)],
      { kind: 'granted', startMs: 1_200 },
    ],
    [
      'a race that filled it takes three',
      [refused(), refused(1_200), refused(1_600)],
      { kind: 'full', nextFreeMs: 1_600 },
    ],
  ])('%s', async (_what, replies, answer) => {
    aws.replyWith(...replies);
    expect(await ports.ledgers.reserve('a', request)).toEqual(answer);
    expect(aws.seen).toHaveLength(replies.length);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}
