import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import type { AnewMessage } from '../../../consumer/effects.ts';
import { RetryLater } from '../../../consumer/index.ts';
import { anewOf, messageOf, ownAttributesOf } from '../../../consumer/message.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import { SQS_BATCH_BYTES } from '../../../core/aws-limits.ts';
import { createWorld, event, invocation, record } from './world.ts';

const NOW_MS = 1_800_000_100_000;

/** What SQS hands out of a message that was sent in the place of another. */
function received(messageId: string, { body, attributes }: AnewMessage, receives = 1): SQSRecord {
  const messageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [
      name,
      { dataType: type, stringValue: value },
    ]),
  );
  const { attributes: system, ...one } = record(messageId, body, receives);
  return { ...one, attributes: { ...system, SentTimestamp: String(NOW_MS) }, messageAttributes };
}

const anew = (given: SQSRecord, notBeforeMs = NOW_MS) => {
  const message = anewOf(given, notBeforeMs, NOW_MS);
  if (message === undefined) throw new Error('there is room');
  return message;
};

const withAttributes = (count: number, body = '{}') => ({
  ...record('m1', body),
  messageAttributes: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`a${index}`, { dataType: 'String', stringValue: 'x' }]),
  ),
});

describe('a message', () => {
  it('is fresh at its first receive only', () => {
    expect([1, 2, 9].map((receives) => messageOf(record('m1', {}, receives)).isFresh)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('sent anew is the same task: its id, its first sending, and no longer fresh', () => {
    const second = received('m2', anew(record('m1', {}, 40)));
    const third = received('m3', anew(second));
    for (const [generation, given] of [second, third].entries()) {
      expect(messageOf(given)).toMatchObject({
        id: 'm1',
        receives: 1,
        isFresh: false,
        firstSentAtMs: 1_800_000_000_000,
        generation: generation + 1,
      });
    }
  });

  it('sent anew has a number for each receive that no receive before it has', () => {
    const numbers: number[] = [];
    let messageId = 'm0';
    let given = record(messageId, {});
    for (let generation = 0; generation < 3; generation += 1) {
      for (const receives of [1, 2, 1_000]) {
        const attributes = { ...given.attributes, ApproximateReceiveCount: String(receives) };
        numbers.push(messageOf({ ...given, attributes }).receive);
      }
      messageId = `m${generation + 1}`;
      given = received(messageId, anew(given));
    }
    expect(new Set(numbers).size).toBe(9);
  });

  it('sent anew knows when it is to start, which may be later than SQS can delay it', () => {
    expect(messageOf(received('m2', anew(record('m1', {}), NOW_MS + 42_000_000))).notBeforeMs).toBe(
      NOW_MS + 42_000_000,
    );
  });

  it('keeps its body and attributes in the one that is sent in its place', () => {
    const given = {
      ...record('m1', '"text"'),
      messageAttributes: {
        kind: { dataType: 'String', stringValue: 'urgent' },
        seal: { dataType: 'Binary', binaryValue: 'AAEC' },
      },
    };
    const { body, attributes } = anew(given);
    expect(body).toBe('"text"');
    const { SluiceAnew, ...own } = attributes;
    expect(own).toEqual({
      kind: { type: 'String', value: 'urgent' },
      seal: { type: 'Binary', value: 'AAEC' },
    });
    expect(SluiceAnew?.type).toBe('String');
  });

  it('has no room to be sent anew beyond ten attributes, its own one replaced', () => {
    expect(anewOf(withAttributes(9), NOW_MS, NOW_MS)).toBeDefined();
    expect(anewOf(withAttributes(10), NOW_MS, NOW_MS)).toBeUndefined();
    const again = received('m2', anew(withAttributes(9)));
    expect(Object.keys(anew(again).attributes)).toHaveLength(10);
  });

  it('has no room to be sent anew beyond what SQS takes, attributes included', () => {
    const { SluiceAnew } = anew(record('m1', '')).attributes;
    const most =
      SQS_BATCH_BYTES - 'SluiceAnew'.length - 'String'.length - (SluiceAnew?.value.length ?? Number.NaN);
    expect(anewOf(record('m1', 'x'.repeat(most)), NOW_MS, NOW_MS)).toBeDefined();
    expect(anewOf(record('m1', 'x'.repeat(most + 1)), NOW_MS, NOW_MS)).toBeUndefined();
  });

  it.each(['', '{', 'null', '7', '{"messageId":"m0"}', '{"messageId":7,"generation":1}'])(
    'whose attribute says %j is a message like any other',
    (stringValue) => {
      const messageAttributes = { SluiceAnew: { dataType: 'String', stringValue } };
      expect(messageOf({ ...record('m1', {}), messageAttributes })).toEqual(messageOf(record('m1', {})));
    },
  );

  it('takes nothing of the runtime’s own along to the dead letters', () => {
    const given = received('m2', anew(withAttributes(1)));
    expect(ownAttributesOf(given)).toEqual({ a0: { type: 'String', value: 'x' } });
  });

  it('without attributes has none, as in an event that was written by hand', () => {
    const { messageAttributes: _none, ...bare } = record('m1', {});
    expect(messageOf(bare as SQSRecord)).toMatchObject({ id: 'm1', generation: 0 });
    expect(ownAttributesOf(bare as SQSRecord)).toEqual({});
  });
});

describe('a message that SQS would soon take for a dead letter', () => {
  const environment = { SLUICE_LIMITS: '{"maxReceives":50}' };
  const runLater = async (given: SQSRecord, seconds: number, broken: readonly 'queue'[] = []) => {
    const world = createWorld(environment);
    for (const part of broken) world.broken.add(part);
    const handler = createRuntime(() => {
      throw new RetryLater({ seconds });
    }, world.effects);
    const answer = await handler(event(given), invocation());
    return { world, answer };
  };

  it('is sent anew once four fifths of its receives are used, and only then', async () => {
    const at39 = await runLater(record('m1', {}, 39), 7);
    expect(at39.world.anew).toEqual([]);
    expect(at39.world.hidden).toEqual(new Map([['m1', 7]]));
    const at40 = await runLater(record('m1', {}, 40), 7);
    expect(at40.world.anew).toMatchObject([{ delaySeconds: 7 }]);
    expect(at40.world.hidden).toEqual(new Map());
  });

  it('is deleted once the other one is on its way, and its log says so', async () => {
    const { world, answer } = await runLater(record('m1', {}, 40), 7);
    expect(answer.batchItemFailures).toEqual([]);
    expect(world.lines[0]).toMatchObject({ outcome: 'postponed', fate: 'giveBack', anew: true });
  });

  it('stays where the other one could not be sent', async () => {
    const { world, answer } = await runLater(record('m1', {}, 40), 7, ['queue']);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
    expect(world.lines[0]).not.toHaveProperty('anew');
    expect(world.lines[1]).toMatchObject({
      sluice: 'problem',
      message: expect.stringContaining('could not be sent anew'),
    });
  });

  it('stays, hidden, where it has no room, and the log says so', async () => {
    const { messageAttributes } = withAttributes(10);
    const { world, answer } = await runLater({ ...record('m1', {}, 40), messageAttributes }, 7);
    expect(answer.batchItemFailures).toHaveLength(1);
    expect(world.hidden).toEqual(new Map([['m1', 7]]));
    expect(world.lines[1]).toMatchObject({ message: expect.stringContaining('no room to be sent anew') });
  });

  it('waits on in its queue where SQS cannot delay it for as long', async () => {
    const { world } = await runLater(record('m1', {}, 40), 3_600);
    expect(world.anew).toMatchObject([{ delaySeconds: 900 }]);
    const [one] = world.anew;
    if (one === undefined) throw new Error('it was sent');
    let ran = 0;
    const handler = createRuntime(() => {
      ran += 1;
    }, world.effects);
    world.pass(900_000);
    await handler(event(received('m2', one.message)), invocation());
    expect(ran).toBe(0);
    expect(world.lines.at(-1)).toMatchObject({ outcome: 'early', fate: 'giveBack', afterSeconds: 2_700 });
    world.pass(2_700_000);
    await handler(event(received('m2', one.message, 2)), invocation());
    expect(ran).toBe(1);
  });

  it('keeps the attempts that it has used', async () => {
    const world = createWorld({ ...environment, SLUICE_MAX_ATTEMPTS: '3' });
    const handler = createRuntime(() => {
      throw new Error('no');
    }, world.effects);
    world.attempts.set('m1', new Set([1]));
    await handler(event(record('m1', {}, 40)), invocation());
    const [one] = world.anew;
    if (one === undefined) throw new Error('it was sent');
    world.pass(one.delaySeconds * 1000);
    await handler(event(received('m2', one.message)), invocation());
    expect(world.attempts.get('m1')).toEqual(new Set([1, 40, 10_001]));
    expect(world.letters).toHaveLength(1);
  });
});
