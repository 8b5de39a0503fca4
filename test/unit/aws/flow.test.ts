import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../aws/ports.ts';
import type { FakeAws } from './fake-aws.ts';
import { startFakeStage } from './fake-stage.ts';
import { refusedWrite } from './replies.ts';

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage());
});
afterEach(() => aws.stop());

const expressions = () =>
  aws.seen.map(({ body }) => (body as Record<string, unknown>).UpdateExpression as string);

describe('a ledger whose hold has been ended', () => {
  const BACK = 'SET nextMs = heldFromMs REMOVE heldFromMs, heldUntilMs, ticketMs, placeMs';
  const SHORTER = 'SET nextMs = :until, heldUntilMs = :until REMOVE ticketMs, placeMs';
  const TICKETS = 'REMOVE ticketMs, placeMs';

  it.each([
    ['goes back in one call', 0, [BACK]],
    ['goes back as far as another one lets it in two', 1, [BACK, SHORTER]],
    ['gives its tickets back in three', 2, [BACK, SHORTER, TICKETS]],
    ['is left as it is where none of that is due', 3, [BACK, SHORTER, TICKETS]],
  ])('%s', async (_what, refusals, updates) => {
    aws.replyWith(...Array.from({ length: refusals }, () => refusedWrite()), { body: {} });
    await ports.flow.pullTurns('a', 9_000, 4_000);
    expect(expressions()).toEqual(updates);
    for (const { body } of aws.seen) {
      expect(body).toMatchObject({
        Key: { flowId: { S: 'pace/a' } },
        ExpressionAttributeValues: { ':ended': { N: '9000' }, ':until': { N: '4000' } },
      });
    }
  });

  it('moves only while nothing has been started behind the hold', async () => {
    aws.replyWith(refusedWrite(), refusedWrite(), refusedWrite());
    await ports.flow.pullTurns('a', 9_000, 0);
    const conditions = aws.seen.map(({ body }) => (body as Record<string, unknown>).ConditionExpression);
    const isBehind = 'nextMs = heldUntilMs AND nextMs <= :ended AND nextMs > :until';
    expect(conditions).toEqual([
      `${isBehind} AND heldFromMs >= :until`,
      `${isBehind} AND heldFromMs < :until`,
      'ticketMs >= :ended AND ticketMs > :until',
    ]);
  });

  it('is not asked for where the group waits as long anyway', async () => {
    await ports.flow.pullTurns('a', 9_000, 9_000);
    expect(aws.seen).toEqual([]);
  });
});
