import { describe, expect, it } from '@jest/globals';
import { DeadLetter, Drop, RetryLater } from '../../../consumer/index.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import { readNote } from '../../../core/dead-letter.ts';
import { createWorld, event, invocation, record, type World } from './world.ts';

const environment = { SLUICE_PIPELINE_ID: 'a', SLUICE_MAX_ATTEMPTS: '2' };
const SENT_AT_MS = 1_800_000_000_000;

const notes = ({ letters }: World) => letters.map(({ attributes }) => readNote(attributes.SluiceDeadLetter));
const consume = (world: World) =>
  createRuntime<string>((task) => {
    if (task === 'drop') throw new Drop('the customer is gone');
    if (task === 'bury') throw new DeadLetter('no such page', { cause: new TypeError('404') });
    if (task === 'later') throw new RetryLater({ seconds: 30 });
    if (task === 'throw') throw new RangeError('no');
  }, world.effects);

describe('dead letters', () => {
  it('of a batch with every fate are those that have no attempt left, and nothing else is', async () => {
    const world = createWorld(environment);
    world.attempts.set('spent', new Set([1, 2]));
    world.attempts.set('last', new Set([3]));
    const batch = event(
      record('good', '"good"'),
      record('first', '"throw"'),
      record('last', '"throw"', 8),
      record('dropped', '"drop"'),
      record('buried', '"bury"'),
      record('later', '"later"', 2),
      record('unreadable', 'classified'),
      record('spent', '"good"', 3),
    );
    const { batchItemFailures } = await consume(world)(batch, invocation());
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['first', 'later']);
    expect(world.lines.map(({ messageId, outcome, fate }) => [messageId, outcome, fate])).toEqual([
      ['good', 'returned', 'done'],
      ['first', 'threw', 'retry'],
      ['last', 'threw', 'deadLetter'],
      ['dropped', 'dropped', 'done'],
      ['buried', 'gaveUp', 'deadLetter'],
      ['later', 'postponed', 'giveBack'],
      ['unreadable', 'unreadable', 'deadLetter'],
      ['spent', 'exhausted', 'deadLetter'],
    ]);
    expect(world.lines[3]).toMatchObject({ level: 'info', reason: 'the customer is gone' });
    expect(world.hidden).toEqual(
      new Map([
        ['first', 1],
        ['later', 30],
      ]),
    );
    const times = { firstSentAtMs: SENT_AT_MS, lastAttemptAtMs: SENT_AT_MS };
    expect(notes(world)).toEqual([
      {
        reason: 'maxAttempts',
        attempts: 2,
        error: { name: 'RangeError', message: 'no' },
        messageId: 'last',
        ...times,
      },
      {
        reason: 'no such page',
        attempts: 1,
        error: { name: 'TypeError', message: '404' },
        messageId: 'buried',
        ...times,
      },
      {
        reason: 'unreadable',
        attempts: 0,
        error: { name: 'UnreadableTaskError', message: expect.any(String) },
        messageId: 'unreadable',
        ...times,
      },
      { reason: 'exhausted', attempts: 2, messageId: 'spent', ...times },
    ]);
  });

  it('have the message’s body and attributes', async () => {
    const world = createWorld(environment);
    const message = {
      ...record('m1', '"bury"'),
      messageAttributes: {
        kind: { dataType: 'String', stringValue: 'urgent' },
        weight: { dataType: 'Number.kg', stringValue: '7' },
        seal: { dataType: 'Binary', binaryValue: 'AAEC' },
      },
    };
    await consume(world)(event(message), invocation());
    expect(world.letters).toMatchObject([
      {
        body: '"bury"',
        attributes: {
          kind: { type: 'String', value: 'urgent' },
          weight: { type: 'Number.kg', value: '7' },
          seal: { type: 'Binary', value: 'AAEC' },
        },
        isNoted: true,
      },
    ]);
  });

  it('go without the note where ten attributes leave no room, and the log says so', async () => {
    const world = createWorld(environment);
    const attribute = { dataType: 'String', stringValue: 'x' };
    const messageAttributes = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`a${at}`, attribute]),
    );
    await consume(world)(event({ ...record('m1', '"bury"'), messageAttributes }), invocation());
    expect(Object.keys(world.letters[0]?.attributes ?? {})).toEqual(Object.keys(messageAttributes));
    expect(world.lines).toMatchObject([
      { fate: 'deadLetter', reason: 'no such page' },
      { sluice: 'problem', level: 'warn', messageId: 'm1', message: expect.stringContaining('no room') },
    ]);
  });

  it('that cannot be sent stay tasks, are tried again, and do not run once more', async () => {
    const world = createWorld(environment);
    world.broken.add('deadLetterQueue');
    let ran = 0;
    const handler = createRuntime(() => {
      ran += 1;
      throw new Error('no');
    }, world.effects);
    for (const receive of [1, 2, 3, 4]) {
      const { batchItemFailures } = await handler(event(record('m1', {}, receive)), invocation());
      expect(batchItemFailures).toHaveLength(1);
    }
    expect(ran).toBe(2);
    world.broken.clear();
    expect((await handler(event(record('m1', {}, 5)), invocation())).batchItemFailures).toEqual([]);
    expect(notes(world)).toMatchObject([{ reason: 'exhausted', attempts: 2 }]);
    const tasks = world.lines.filter(({ sluice }) => sluice === 'task');
    expect(tasks.map(({ fate }) => fate)).toEqual(['retry', 'retry', 'retry', 'retry', 'deadLetter']);
  });

  it('are sent before their message is reported: a crash in between sends one twice and loses none', async () => {
    const world = createWorld(environment);
    const send = world.effects.sendDeadLetter;
    const crashing: World = {
      ...world,
      effects: {
        ...world.effects,
        sendDeadLetter: async (...letter) => {
          await send(...letter);
          // Nothing after this happens any more.
          await new Promise(() => {});
        },
      },
    };
    world.attempts.set('m1', new Set([1]));
    const call = consume(crashing)(event(record('m1', '"throw"', 2)), invocation());
    await new Promise(setImmediate);
    expect(world.letters).toHaveLength(1);
    expect(world.lines).toEqual([]);
    // SQS hands the message out again.
    const answer = await consume(world)(event(record('m1', '"throw"', 3)), invocation());
    expect(answer.batchItemFailures).toEqual([]);
    expect(notes(world)).toMatchObject([
      { reason: 'maxAttempts', messageId: 'm1', attempts: 2 },
      { reason: 'exhausted', messageId: 'm1', attempts: 2 },
    ]);
    // Lambda ends the first call, whatever it still waits for.
    world.pass(30_000);
    await call;
  });

  it('do not keep a call from answering in time', async () => {
    const world = createWorld(environment);
    const never = () => new Promise<never>(() => {});
    const effects = { ...world.effects, hide: never, sendDeadLetter: never, noteAttempt: never };
    let isAborted = false;
    const handler = createRuntime((_, { signal }) => {
      isAborted = signal.aborted;
      throw new DeadLetter('bad');
    }, effects);
    const call = handler(event(record('m1', {})), invocation(10_000));
    await new Promise(setImmediate);
    world.pass(9_500);
    expect((await call).batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
    expect(isAborted).toBe(false);
    expect(world.lines[0]).toMatchObject({ fate: 'retry' });
  });
});
