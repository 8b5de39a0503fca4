import { beforeEach, describe, expect, it } from '@jest/globals';
import { createConsumerShared } from '../../../aws/consumer-shared.ts';
import type { GroupState } from '../../../core/flow/hold.ts';
import type { Shared } from '../../../core/flow/shared.ts';
import { onFakeAws } from './consumer-world.ts';
import { jsonError } from './fake-aws.ts';
import { refusedWrite } from './replies.ts';

const NOW_MS = 1_800_000_000_000;
const UNTIL_MS = NOW_MS + 31_000;
const signal = new AbortController().signal;
const number = (value: number) => ({ N: String(value) });
const text = (value: string) => ({ S: value });

const aws = onFakeAws();
let shared: Shared;
beforeEach(() => {
  shared = createConsumerShared({ flowTable: 'flow', holdsTable: 'holds', pipelineId: 'a' });
});

const hold = { sinceMs: NOW_MS, untilMs: UNTIL_MS, cause: 'throttled', guesses: 2 } as const;
const storedHold = {
  M: { sinceMs: number(NOW_MS), untilMs: number(UNTIL_MS), cause: text('throttled'), guesses: number(2) },
};

describe('what a group’s tasks share', () => {
  const read = (Item?: object) => {
    aws().replyWith({ body: Item === undefined ? {} : { Item } });
    return shared.readGroup(signal);
  };

  it('is read as it is, and not as it was', async () => {
    const breaker = { M: { state: text('closed'), sinceMs: number(NOW_MS), opened: number(1) } };
    const item = {
      pipelineId: text('a'),
      hold: storedHold,
      breaker,
      revision: number(7),
      expiresAt: number(1),
    };
    expect(await read(item)).toEqual({
      state: { hold, breaker: { state: 'closed', sinceMs: NOW_MS, opened: 1 } },
      revision: 7,
    });
    expect(aws().seen).toEqual([
      {
        call: 'GetItem',
        body: { TableName: 'holds', Key: { pipelineId: text('a') }, ConsistentRead: true },
      },
    ]);
  });

  it('is nothing, of revision 0, where nothing was ever written', async () => {
    expect(await read()).toEqual({ state: {}, revision: 0 });
  });

  it('may be a hold that a person has typed, which says no more than until when', async () => {
    const typed = { pipelineId: text('a'), hold: { M: { untilMs: number(UNTIL_MS) } } };
    expect(await read(typed)).toEqual({
      state: { hold: { sinceMs: 0, untilMs: UNTIL_MS, cause: 'throttled', guesses: 0 } },
      revision: 0,
    });
  });

  it('is written for the first time where nobody has written before, also over what a person has typed', async () => {
    expect(await shared.writeGroup({ hold }, 0, signal)).toBe('written');
    expect(aws().seen).toMatchObject([
      {
        call: 'PutItem',
        body: {
          TableName: 'holds',
          Item: {
            pipelineId: text('a'),
            hold: storedHold,
            revision: number(1),
            expiresAt: { N: expect.any(String) },
          },
          ConditionExpression: 'attribute_not_exists(#guard)',
          ExpressionAttributeNames: { '#guard': 'revision' },
        },
      },
    ]);
    const body = aws().seen[0]?.body as { Item: { breaker?: unknown; expiresAt: { N: string } } };
    expect(body.Item).not.toHaveProperty('breaker');
    // A hold lasts a day at most, and what is known of it is of use for some time after.
    expect(Number(body.Item.expiresAt.N)).toBeGreaterThan(Date.now() / 1000 + 7 * 86_400);
  });

  it('is written only over the revision that was read', async () => {
    const changed = { hold: { ...hold, guesses: 3 } };
    expect(await shared.writeGroup(changed, 7, signal)).toBe('written');
    aws().replyWith(refusedWrite({ revision: number(8), writeId: text('another') }));
    expect(await shared.writeGroup(changed, 7, signal)).toBe('conflict');
    expect(aws().seen[0]).toMatchObject({
      body: {
        Item: { revision: number(8) },
        ConditionExpression: '#guard = :revision',
        ExpressionAttributeValues: { ':revision': number(7) },
      },
    });
  });

  it('is written though the reply to it was lost', async () => {
    aws().replyWith({ drop: true });
    const written = shared.writeGroup({ hold }, 7, signal);
    while (aws().seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const put = aws().seen[0]?.body as { Item: { writeId: { S: string } } } | undefined;
    aws().replyWith(refusedWrite({ writeId: put?.Item.writeId }));
    expect(await written).toBe('written');
    expect(aws().seen).toHaveLength(2);
  });

  it.each<[string, (state: GroupState, until: AbortSignal) => Promise<unknown>]>([
    ['read', (_, until) => shared.readGroup(until)],
    ['written', (state, until) => shared.writeGroup(state, 7, until)],
  ])('is %s within its time, or not', async (_, act) => {
    aws().replyWith({ hang: true }, { hang: true });
    const controller = new AbortController();
    const acted = act({ hold }, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(acted).rejects.toMatchObject({ code: 'AbortError' });
    expect(aws().seen.length).toBeLessThan(2);
  });
});

describe('the tasks of a breaker’s window', () => {
  it('are added to by all, each part until it says nothing any more', async () => {
    await shared.addEnded('0-30', { tasks: 7, failed: 2 }, 1_800_000_120, signal);
    expect(aws().seen).toMatchObject([
      {
        call: 'UpdateItem',
        body: {
          TableName: 'flow',
          Key: { flowId: text('ended/a/0-30') },
          UpdateExpression: 'SET expiresAt = :expires ADD tasks :tasks, failed :failed',
          ExpressionAttributeValues: {
            ':expires': number(1_800_000_120),
            ':tasks': number(7),
            ':failed': number(2),
          },
        },
      },
    ]);
  });

  it('are the sum of its parts, in one call; a part that nobody has added to is none', async () => {
    const part = (tasks: number, failed: number) => ({ tasks: number(tasks), failed: number(failed) });
    aws().replyWith({ body: { Responses: { flow: [part(7, 2), part(5, 5)] } } });
    expect(await shared.readEnded(['0-30', '0-29', '0-28'], signal)).toEqual({ tasks: 12, failed: 7 });
    expect(aws().seen).toMatchObject([
      {
        call: 'BatchGetItem',
        body: {
          RequestItems: {
            flow: {
              Keys: ['0-30', '0-29', '0-28'].map((name) => ({ flowId: text(`ended/a/${name}`) })),
              ConsistentRead: true,
            },
          },
        },
      },
    ]);
    aws().replyWith({ body: {} });
    expect(await shared.readEnded(['0-30'], signal)).toEqual({ tasks: 0, failed: 0 });
  });
});

const claimOf = (owner: string) => ({
  UpdateExpression: 'SET #owner = :owner, untilMs = :until REMOVE isDone',
  ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner OR untilMs <= :now',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':owner': text(owner), ':until': number(UNTIL_MS), ':now': number(NOW_MS) },
});

describe('the lease', () => {
  const take = () => shared.takeLease('r1', UNTIL_MS, NOW_MS, signal);

  it('is taken from nobody, from oneself, or from one whose time is over, in one call', async () => {
    expect(await take()).toEqual({ kind: 'taken' });
    expect(aws().seen).toMatchObject([
      { call: 'UpdateItem', body: { TableName: 'flow', Key: { flowId: text('lease/a') }, ...claimOf('r1') } },
    ]);
  });

  it('of another says until when', async () => {
    aws().replyWith(refusedWrite({ owner: text('r0'), untilMs: number(NOW_MS + 5_000) }));
    expect(await take()).toEqual({ kind: 'held', untilMs: NOW_MS + 5_000 });
    expect(aws().seen).toHaveLength(1);
  });

  it('is freed only by its holder, and as well where it is another’s by now', async () => {
    aws().replyWith({}, refusedWrite({ owner: text('r2') }));
    await shared.freeLease('r1', signal);
    await shared.freeLease('r1', signal);
    expect(aws().seen[0]).toMatchObject({
      call: 'DeleteItem',
      body: {
        Key: { flowId: text('lease/a') },
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': text('r1') },
      },
    });
  });
});

describe('a task’s key', () => {
  const claim = () => shared.claimKey('digest', 'o1', UNTIL_MS, NOW_MS, signal);
  const key = { TableName: 'flow', Key: { flowId: text('once/a/digest') } };
  // A second after it means nothing any more, rounded up.
  const expires = { ':expires': number(UNTIL_MS / 1_000 + 1) };

  it('is claimed like a lease, and goes by itself', async () => {
    expect(await claim()).toEqual({ kind: 'claimed' });
    const { UpdateExpression, ExpressionAttributeValues, ...condition } = claimOf('o1');
    expect(aws().seen).toMatchObject([
      {
        call: 'UpdateItem',
        body: {
          ...key,
          ...condition,
          UpdateExpression: UpdateExpression.replace('SET ', 'SET expiresAt = :expires, '),
          ExpressionAttributeValues: { ...ExpressionAttributeValues, ...expires },
        },
      },
    ]);
  });

  it('of a task that runs says until when at the latest; of one that is done, that it is', async () => {
    aws().replyWith(
      refusedWrite({ owner: text('o2'), untilMs: number(NOW_MS + 900) }),
      refusedWrite({ owner: text('o2'), untilMs: number(NOW_MS + 900), isDone: { BOOL: true } }),
    );
    expect(await claim()).toEqual({ kind: 'running', untilMs: NOW_MS + 900 });
    expect(await claim()).toEqual({ kind: 'done' });
  });

  it('is done only by its owner, and no longer if it is another’s by now', async () => {
    aws().replyWith({}, refusedWrite({ owner: text('o2') }));
    await shared.finishKey('digest', 'o1', UNTIL_MS, signal);
    await shared.finishKey('digest', 'o1', UNTIL_MS, signal);
    expect(aws().seen[0]).toMatchObject({
      body: {
        ...key,
        UpdateExpression: 'SET expiresAt = :expires, isDone = :yes, untilMs = :until',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeValues: {
          ':owner': text('o1'),
          ':yes': { BOOL: true },
          ':until': number(UNTIL_MS),
          ...expires,
        },
      },
    });
  });

  it('is dropped only by its owner, and never once it is done', async () => {
    aws().replyWith({}, refusedWrite({ owner: text('o1'), isDone: { BOOL: true } }));
    await shared.dropKey('digest', 'o1', signal);
    await shared.dropKey('digest', 'o1', signal);
    expect(aws().seen[0]).toMatchObject({
      call: 'DeleteItem',
      body: { ...key, ConditionExpression: '#owner = :owner AND attribute_not_exists(isDone)' },
    });
  });
});

describe('every call', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['dynamodb:GetItem', () => shared.readGroup(signal)],
    ['dynamodb:PutItem', () => shared.writeGroup({}, 1, signal)],
    ['dynamodb:UpdateItem', () => shared.takeLease('r1', UNTIL_MS, NOW_MS, signal)],
    ['dynamodb:DeleteItem', () => shared.freeLease('r1', signal)],
    ['dynamodb:BatchGetItem', () => shared.readEnded(['0-1'], signal)],
  ])('of %s says what AWS refused', async (operation, call) => {
    aws().replyWith(jsonError('AccessDeniedException', 'no'));
    await expect(call()).rejects.toMatchObject({ code: 'AccessDeniedException', operation });
  });

  it('is given up after two tries without an answer, however long it may take', async () => {
    aws().replyWith({ hang: true }, { hang: true });
    const startedMs = Date.now();
    await expect(shared.takeLease('r1', UNTIL_MS, NOW_MS, signal)).rejects.toMatchObject({ retryable: true });
    expect(Date.now() - startedMs).toBeLessThan(5_000);
    expect(aws().seen).toHaveLength(2);
  });
});
