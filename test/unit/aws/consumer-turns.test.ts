import { beforeEach, describe, expect, it } from '@jest/globals';
import { createConsumerShared } from '../../../aws/consumer-shared.ts';
import type { Shared } from '../../../core/flow/shared.ts';
import type { TurnRequest } from '../../../core/flow/turns.ts';
import { onFakeAws } from './consumer-world.ts';
import type { Reply } from './fake-aws.ts';
import { refusedWrite } from './replies.ts';

const NOW_MS = 1_800_000_000_000;
const signal = new AbortController().signal;
const number = (value: number) => ({ N: String(value) });
const ledger = (state: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, number(value)]));
/** An update's effect; the reply says what was there before. */
const done = (before: Readonly<Record<string, number>> = {}): Reply => ({
  body: { Attributes: ledger(before) },
});
/** What a failed condition met; nothing: there is no item. */
const refused = (state?: Readonly<Record<string, number>>): Reply => refusedWrite(state && ledger(state));

const aws = onFakeAws();
let turns: Shared;
beforeEach(() => {
  turns = createConsumerShared({ flowTable: 'flow', holdsTable: 'holds', pipelineId: 'a' });
});

describe('a start', () => {
  const request: TurnRequest = { earliestMs: NOW_MS, spacingMs: 100, horizonMs: 3_000, isFresh: false };
  const fresh = { ...request, isFresh: true };
  const none = { tasks: 0, ms: 0 };
  const granted = (startMs: number) => ({ kind: 'granted', startMs });

  it.each<[string, TurnRequest, Reply[], unknown]>([
    ['of a busy ledger is one call', request, [done({ nextMs: NOW_MS + 900 })], granted(NOW_MS + 900)],
    ['of a full one is one call', request, [refused({ nextMs: NOW_MS + 3_001 })], 'ahead'],
    [
      'of an idle one is two',
      request,
      [refused({ nextMs: NOW_MS - 1 }), done({ nextMs: NOW_MS - 1 })],
      granted(NOW_MS),
    ],
    ['of a new one is two', request, [refused(), done()], granted(NOW_MS)],
    [
      'of one that another has made busy in between is three',
      request,
      [refused(), refused({ nextMs: NOW_MS + 100 }), done({ nextMs: NOW_MS + 100 })],
      granted(NOW_MS + 100),
    ],
    [
      'of one that others have filled in between is three, and none',
      request,
      [refused(), refused({ nextMs: NOW_MS + 100 }), refused({ nextMs: NOW_MS + 3_100 })],
      'ahead',
    ],
    [
      'that has not waited is none while those with tickets wait, of a busy ledger in one call',
      fresh,
      [refused({ nextMs: NOW_MS + 100, ticketMs: NOW_MS + 101 })],
      'ahead',
    ],
    [
      '… and is one of an idle ledger, whoever waits, in two',
      fresh,
      [
        refused({ nextMs: NOW_MS - 1, ticketMs: NOW_MS + 1 }),
        done({ nextMs: NOW_MS - 1, ticketMs: NOW_MS + 1 }),
      ],
      granted(NOW_MS),
    ],
  ])('%s', async (_, asked, replies, answer) => {
    aws().replyWith(...replies);
    const given = await turns.takeTurn(asked, none, signal);
    if (answer === 'ahead') expect(given.kind).toBe('ahead');
    else expect(given).toEqual(answer);
    expect(aws().seen).toHaveLength(replies.length);
  });

  it('that lies too far ahead comes with what the ledger says', async () => {
    aws().replyWith(refused({ nextMs: NOW_MS + 9_000, ticketMs: NOW_MS + 60_000 }));
    expect(await turns.takeTurn(request, none, signal)).toEqual({
      kind: 'ahead',
      nextMs: NOW_MS + 9_000,
      ticketMs: NOW_MS + 60_000,
    });
  });

  it('is asked for under the condition that nobody has moved the ledger out of reach', async () => {
    aws().replyWith(refused(), done());
    await turns.takeTurn(request, { tasks: 3, ms: 1_234.4 }, signal);
    const table = { TableName: 'flow', Key: { flowId: { S: 'pace/a' } }, ReturnValues: 'UPDATED_OLD' };
    const ran = { ':tasks': number(3), ':ms': number(1_234) };
    expect(aws().seen).toMatchObject([
      {
        call: 'UpdateItem',
        body: {
          ...table,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          UpdateExpression: 'SET nextMs = nextMs + :taken ADD ran :tasks, ranMs :ms',
          ConditionExpression: 'nextMs BETWEEN :now AND :last',
          ExpressionAttributeValues: {
            ':taken': number(100),
            ':now': number(NOW_MS),
            ':last': number(NOW_MS + 3_000),
            ...ran,
          },
        },
      },
      {
        call: 'UpdateItem',
        body: {
          ...table,
          UpdateExpression: 'SET nextMs = :next ADD ran :tasks, ranMs :ms',
          ConditionExpression: 'attribute_not_exists(nextMs) OR nextMs < :now',
          ExpressionAttributeValues: {
            ':next': number(NOW_MS + 100),
            ':now': number(NOW_MS),
            ...ran,
          },
        },
      },
    ]);
  });

  it('of a task that has not waited is asked for under the condition that nobody waits for it', async () => {
    aws().replyWith(refused(), done());
    await turns.takeTurn(fresh, none, signal);
    expect(aws().seen).toMatchObject([
      {
        body: {
          ConditionExpression:
            'nextMs BETWEEN :now AND :last AND (attribute_not_exists(ticketMs) OR ticketMs <= nextMs)',
        },
      },
      {
        body: {
          ConditionExpression: 'attribute_not_exists(nextMs) OR nextMs < :now',
        },
      },
    ]);
  });

  it('is given up after four calls whose conditions others have made fail in turn', async () => {
    const busy = refused({ nextMs: NOW_MS + 100 });
    aws().replyWith(refused(), busy, refused(), busy, done());
    await expect(turns.takeTurn(request, none, signal)).rejects.toThrow('starts of a changed each time');
    expect(aws().seen).toHaveLength(4);
  });

  it('whose reply was lost is nobody’s: the next one is asked for', async () => {
    aws().replyWith({ drop: true }, done({ nextMs: NOW_MS + 200 }));
    expect(await turns.takeTurn(request, none, signal)).toEqual(granted(NOW_MS + 200));
    expect(aws().seen).toHaveLength(2);
  });

  it('is not waited for once its signal aborts', async () => {
    await expect(turns.takeTurn(request, none, AbortSignal.abort())).rejects.toThrow();
    const controller = new AbortController();
    aws().replyWith({ hang: true }, { hang: true });
    const start = turns.takeTurn(request, none, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(start).rejects.toMatchObject({ operation: 'dynamodb:UpdateItem' });
  });
});

describe('tickets', () => {
  const draw = (line: 'ticketMs' | 'placeMs' = 'ticketMs') =>
    turns.drawTickets({ line, floorMs: NOW_MS, mostMs: NOW_MS + 9_000, count: 10, apartMs: 100 }, signal);

  it.each<[string, Reply[], number]>([
    ['behind others are one call', [done({ ticketMs: NOW_MS + 500 })], NOW_MS + 500],
    ['that nobody had before are two', [refused(), done()], NOW_MS],
    ['where the last is over are two', [refused({ ticketMs: NOW_MS - 1 }), done()], NOW_MS],
    [
      'that another draws in between are three',
      [refused(), refused({ ticketMs: NOW_MS + 100 }), done({ ticketMs: NOW_MS + 100 })],
      NOW_MS + 100,
    ],
  ])('%s, however many', async (_, replies, firstMs) => {
    aws().replyWith(...replies);
    expect(await draw()).toBe(firstMs);
    expect(aws().seen).toHaveLength(replies.length);
  });

  it('are drawn all at once, under the condition that the last one lies ahead, or that none does', async () => {
    aws().replyWith(refused(), done());
    await draw();
    expect(aws().seen).toMatchObject([
      {
        body: {
          UpdateExpression: 'SET ticketMs = ticketMs + :taken',
          ConditionExpression: 'ticketMs BETWEEN :now AND :last',
          ExpressionAttributeValues: {
            ':taken': number(1_000),
            ':now': number(NOW_MS),
            ':last': number(NOW_MS + 9_000),
          },
        },
      },
      {
        body: {
          UpdateExpression: 'SET ticketMs = :next',
          ConditionExpression: 'attribute_not_exists(ticketMs) OR ticketMs < :now',
          ExpressionAttributeValues: { ':next': number(NOW_MS + 1_000), ':now': number(NOW_MS) },
        },
      },
    ]);
  });

  it('that would be too late are not drawn', async () => {
    aws().replyWith(refused({ ticketMs: NOW_MS + 9_001 }));
    expect(await draw()).toBeUndefined();
    expect(aws().seen).toHaveLength(1);
    const late = { line: 'ticketMs', floorMs: NOW_MS, mostMs: NOW_MS - 1, count: 1, apartMs: 100 } as const;
    expect(await turns.drawTickets(late, signal)).toBeUndefined();
    expect(aws().seen).toHaveLength(1);
  });

  it('are given up after four calls', async () => {
    const ahead = refused({ ticketMs: NOW_MS + 1 });
    aws().replyWith(refused(), ahead, refused(), ahead);
    await expect(draw()).rejects.toThrow('tickets of a changed each time');
    expect(aws().seen).toHaveLength(4);
  });

  it('and places near the next start are numbers of their own', async () => {
    const ahead = refused({ placeMs: NOW_MS + 1 });
    aws().replyWith(done({ placeMs: NOW_MS + 500 }), refused(), ahead, refused(), ahead);
    expect(await draw('placeMs')).toBe(NOW_MS + 500);
    expect(aws().seen[0]?.body).toMatchObject({ UpdateExpression: 'SET placeMs = placeMs + :taken' });
    await expect(draw('placeMs')).rejects.toThrow('places of a changed each time');
  });
});

describe('a hold', () => {
  const untilMs = NOW_MS + 30_000;
  const push = {
    Key: { flowId: { S: 'pace/a' } },
    UpdateExpression: 'SET heldFromMs = if_not_exists(nextMs, :none), heldUntilMs = :until, nextMs = :until',
    ConditionExpression:
      '(attribute_not_exists(nextMs) OR nextMs < :until) AND (attribute_not_exists(heldUntilMs) OR heldUntilMs <> nextMs)',
    ExpressionAttributeValues: { ':until': number(untilMs), ':none': number(0) },
  };
  const prolong = {
    UpdateExpression: 'SET heldUntilMs = :until, nextMs = :until',
    ConditionExpression: 'nextMs < :until AND heldUntilMs = nextMs',
    ExpressionAttributeValues: { ':until': number(untilMs) },
  };
  const bodies = () => aws().seen.map(({ body }) => body);

  it('pushes the next start to its end, keeps where that was, and never pushes it back', async () => {
    aws().replyWith(done(), refused({ nextMs: NOW_MS + 60_000 }));
    await turns.pushTurns(untilMs, signal);
    await turns.pushTurns(untilMs, signal);
    expect(bodies()).toMatchObject([push, push]);
  });

  it('that prolongs one keeps what that has kept: two calls', async () => {
    aws().replyWith(refused({ nextMs: NOW_MS + 9, heldUntilMs: NOW_MS + 9 }), done());
    await turns.pushTurns(untilMs, signal);
    expect(bodies()).toMatchObject([push, prolong]);
  });

  it('is one of its own where a start was reserved in between', async () => {
    const held = refused({ nextMs: NOW_MS + 9, heldUntilMs: NOW_MS + 9 });
    aws().replyWith(held, refused({ nextMs: NOW_MS + 109, heldUntilMs: NOW_MS + 9 }), done());
    await turns.pushTurns(untilMs, signal);
    expect(bodies()).toMatchObject([push, prolong, push]);
    aws().replyWith(held, held, held);
    await expect(turns.pushTurns(untilMs, signal)).rejects.toThrow('starts of a changed each time');
  });
});
