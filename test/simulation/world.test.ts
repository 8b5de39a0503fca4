import { describe, expect, it } from '@jest/globals';
import type { CodeRef, FunctionSpec, MappingSpec, QueueSpec } from '../../core/lifecycle/target.ts';
import { EndlessRun, VirtualClock } from '../../lab/simulator/clock.ts';
import { PLAIN_NATURE } from '../../lab/simulator/world/nature.ts';
import { CODE_KEY, World, type WorldOptions } from '../../lab/simulator/world/world.ts';

const CODE: CodeRef = { key: CODE_KEY, version: 'v1' };

function makeWorld(nature: Partial<typeof PLAIN_NATURE> = {}, options: Partial<WorldOptions> = {}): World {
  const world = new World({ seed: 7, nature: { ...PLAIN_NATURE, ...nature }, reconciles: false, ...options });
  world.code.put(CODE_KEY, 'v1');
  world.code.put(CODE_KEY, 'v2');
  return world;
}

function queueSpec(name: string, changes: Partial<QueueSpec> = {}): QueueSpec {
  return { name, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 3_600, tags: {}, ...changes };
}

function functionSpec(name: string, changes: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    name,
    roleArn: 'arn:role',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    timeoutSeconds: 30,
    memoryMb: 128,
    environment: {},
    layers: [],
    subnetIds: [],
    securityGroupIds: [],
    tracing: false,
    logGroup: '/l',
    tags: {},
    ...changes,
  };
}

/** A queue with a consumer behind it, running. */
async function makePipeline(
  world: World,
  name: string,
  {
    queue = {},
    consumer = {},
    mapping = {},
  }: {
    queue?: Partial<QueueSpec>;
    consumer?: Partial<FunctionSpec>;
    mapping?: Partial<MappingSpec>;
  } = {},
) {
  world.queues.create(queueSpec(name, queue));
  world.functions.create(functionSpec(name, consumer), CODE);
  await world.pass(3);
  const made = world.queues.byName.get(name);
  const answer = world.mappings.create({
    functionName: name,
    queueArn: made?.arn ?? '',
    enabled: true,
    maximumConcurrency: 2,
    batchSize: 1,
    batchWindowSeconds: 0,
    partialFailures: true,
    tags: {},
    ...mapping,
  });
  if (answer.kind !== 'created' || made === undefined)
    throw new Error(`no mapping: ${JSON.stringify(answer)}`);
  await world.pass(11);
  return { queue: made, mappingId: answer.mapping.id };
}

/** The pipeline id of a queue's name does not matter here: tasks are found by their queue. */
function sendTo(world: World, name: string, count: number, seconds = 1, failures = 0): void {
  for (let at = 0; at < count; at += 1) {
    const task = { taskId: `${name}-${world.book.fates.size}`, pipelineId: name, seconds, failures };
    world.book.accepted(task, world.nowMs());
    world.queues.send(world.queues.byName.get(name)?.url ?? '', [{ id: 'a', body: JSON.stringify(task) }]);
  }
}

function mostRunning(world: World): number {
  const moments = world.book.runs.flatMap(({ startedAtMs, endedAtMs }) => [
    { atMs: startedAtMs, step: 1 },
    { atMs: endedAtMs, step: -1 },
  ]);
  moments.sort((a, b) => a.atMs - b.atMs || a.step - b.step);
  let running = 0;
  return Math.max(0, ...moments.map(({ step }) => (running += step)));
}

describe('the virtual clock', () => {
  it('runs events in the order of their times, and what they set in motion before the next', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const wait = async (name: string, ms: number) => {
      await clock.sleep(ms);
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      seen.push(name);
    };
    void wait('second', 20);
    void wait('first', 10);
    clock.at(clock.nowMs() + 11, () => seen.push('between'));
    await clock.run({ limitMs: Number.POSITIVE_INFINITY });
    expect(seen).toEqual(['first', 'between', 'second']);
  });

  it('cuts a run that never ends, and says so', async () => {
    const clock = new VirtualClock();
    const again = () => clock.after(1_000, again);
    again();
    await expect(clock.run({ limitMs: clock.nowMs() + 60_000 })).rejects.toThrow(EndlessRun);
    const loop = () => clock.after(0, loop);
    loop();
    await expect(clock.run({ limitMs: Number.POSITIVE_INFINITY, maxEvents: 1_000 })).rejects.toThrow(
      /1000 events/,
    );
  });

  it('tells the same story twice for the same seed', async () => {
    const tell = async () => {
      const world = new World({ seed: 42 });
      world.code.put(CODE_KEY, 'v1');
      world.configs.put('a', { pipelineId: 'a' });
      await world.pass(300);
      return world.calls.log.map(({ operation, startMs, effectMs }) => [operation, startMs, effectMs]);
    };
    expect(await tell()).toEqual(await tell());
  });
});

describe('simulated SQS', () => {
  it('blocks a deleted queue’s name for 60 s, and loses what is sent meanwhile', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const { url } = world.queues.byName.get('q') ?? { url: '' };
    world.queues.delete(url);
    expect(world.queues.create(queueSpec('q')).kind).toBe('nameBlocked');
    let succeeded = 0;
    for (let at = 0; at < 20; at += 1) {
      try {
        world.queues.send(url, [{ id: 'a', body: 'x' }]);
        succeeded += 1;
      } catch {}
    }
    expect(succeeded).toBeGreaterThan(0);
    await world.pass(59);
    expect(world.queues.create(queueSpec('q')).kind).toBe('nameBlocked');
    await world.pass(2);
    expect(world.queues.create(queueSpec('q')).kind).toBe('created');
    expect(world.queues.read(url)?.counts.visible).toBe(0);
  });

  it('refuses a queue of other attributes, and answers the one that is there for the same', () => {
    const world = makeWorld();
    expect(world.queues.create(queueSpec('q')).kind).toBe('created');
    expect(world.queues.create(queueSpec('q')).kind).toBe('created');
    expect(world.queues.create(queueSpec('q', { visibilityTimeoutSeconds: 61 })).kind).toBe('differs');
  });

  it('may not find a queue in its first second', async () => {
    const world = makeWorld({ newQueueUnknown: 1 });
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    expect(world.queues.read(url)).toBeUndefined();
    await world.pass(1);
    expect(world.queues.read(url)).toBeDefined();
  });

  it('brings changed attributes into force within 60 s, retention within 15 min', async () => {
    const world = makeWorld({
      attributesMs: [60_000, 60_000],
      retentionMs: [900_000, 900_000],
      staleReads: 1,
    });
    world.queues.create(queueSpec('q'));
    const queue = world.queues.byName.get('q');
    world.queues.change(queue?.url ?? '', {
      visibilityTimeoutSeconds: 90,
      messageRetentionSeconds: 60,
      closed: true,
    });
    expect(world.queues.read(queue?.url ?? '')).toMatchObject({
      visibilityTimeoutSeconds: 60,
      closed: false,
    });
    world.queues.send(queue?.url ?? '', [{ id: 'a', body: 'still taken' }]);
    await world.pass(61);
    expect(queue?.visibilityTimeoutSeconds.inForce(world.nowMs())).toBe(90);
    expect(queue?.messageRetentionSeconds.inForce(world.nowMs())).toBe(3_600);
    expect(() => world.queues.send(queue?.url ?? '', [{ id: 'a', body: 'x' }])).toThrow(/AccessDenied/);
    await world.pass(840);
    expect(queue?.messageRetentionSeconds.inForce(world.nowMs())).toBe(60);
  });

  it('takes whole delays of up to 900 s, 10 messages and 1 MiB at once', () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    const failed = world.queues.send(url, [
      { id: 'a', body: 'x', delaySeconds: 900 },
      { id: 'b', body: 'x', delaySeconds: 901 },
      { id: 'c', body: 'x', delaySeconds: 0.5 },
    ]);
    expect(failed.map(({ id }) => id)).toEqual(['b', 'c']);
    const eleven = Array.from({ length: 11 }, (_, at) => ({ id: String(at), body: 'x' }));
    expect(() => world.queues.send(url, eleven)).toThrow(/TooManyEntries/);
    expect(() => world.queues.send(url, [{ id: 'a', body: 'x'.repeat(1_048_577) }])).toThrow(
      /BatchRequestTooLong/,
    );
  });

  it('counts messages late, on their way in and on their way out', async () => {
    const world = makeWorld({ countLagMs: [30_000, 30_000] });
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x' }]);
    expect(world.queues.read(url)?.counts).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
    await world.pass(31);
    expect(world.queues.read(url)?.counts.visible).toBe(1);
    const [message] = world.queues.receive(url, 60);
    world.queues.deleteMessages(url, [message?.receipt ?? '']);
    expect(world.queues.read(url)?.counts.inFlight).toBe(1);
    await world.pass(31);
    expect(world.queues.read(url)?.counts).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });

  it('hides delayed and in-flight messages from everybody until their time', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x', delaySeconds: 10 }]);
    expect(world.queues.receive(url, 60)).toEqual([]);
    await world.pass(10);
    expect(world.queues.receive(url, 60)).toHaveLength(1);
    expect(world.queues.receive(url, 60)).toEqual([]);
    await world.pass(60);
    expect(world.queues.receive(url, 60)[0]?.receiveCount).toBe(2);
  });

  it('buries a message that was received too often, and its retention runs on from its first enqueue', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('dead', { messageRetentionSeconds: 300 }));
    const deadLetterQueueArn = world.queues.byName.get('dead')?.arn ?? '';
    world.queues.create(queueSpec('q', { redrive: { deadLetterQueueArn, maxReceiveCount: 2 } }));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x' }]);
    for (let receive = 0; receive < 2; receive += 1) {
      expect(world.queues.receive(url, 60)).toHaveLength(1);
      await world.pass(60);
    }
    expect(world.queues.receive(url, 60)).toEqual([]);
    const dead = world.queues.find('dead') ?? '';
    expect(world.queues.read(dead)?.counts.visible).toBe(1);
    await world.pass(185);
    expect(world.queues.read(dead)?.counts.visible).toBe(0);
  });

  it('keeps a message whose receipt is not of its last receive', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x' }]);
    const [first] = world.queues.receive(url, 1);
    await world.pass(2);
    world.queues.receive(url, 1);
    expect(world.queues.deleteMessages(url, [first?.receipt ?? ''])).toEqual([]);
    await world.pass(2);
    expect(world.queues.receive(url, 1)).toHaveLength(1);
  });
});

describe('simulated Lambda', () => {
  it('allows 15 calls a second for all of the control plane together, and 100 for GetFunction', async () => {
    const world = makeWorld();
    const ports = world.connect({ ...world.hand });
    const permit = { lane: 'bulk' as const, startMs: 0 };
    const answers: string[] = [];
    const note = (call: Promise<unknown>) =>
      call.then(
        () => answers.push('ok'),
        ({ code }) => answers.push(code),
      );
    for (let at = 0; at < 10; at += 1) void note(ports.mappings.read('m', permit));
    for (let at = 0; at < 10; at += 1) void note(ports.functions.page(undefined, permit));
    world.clock.willSettle();
    await world.pass(1);
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(15);
    expect(answers.filter((answer) => answer === 'TooManyRequestsException')).toHaveLength(5);
    for (let at = 0; at < 120; at += 1) void note(ports.functions.read('f'));
    await world.pass(1);
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(115);
  });

  it('makes a function Pending, then Active; until then it cannot be changed', async () => {
    const world = makeWorld();
    expect(world.functions.create(functionSpec('f'), CODE).kind).toBe('created');
    expect(world.functions.read('f')?.state).toBe('Pending');
    expect(world.functions.configure(functionSpec('f'))).toBe('busy');
    await world.pass(3);
    expect(world.functions.read('f')?.state).toBe('Active');
    expect(world.functions.configure(functionSpec('f', { timeoutSeconds: 9 }))).toBe('done');
    expect(world.functions.updateCode(functionSpec('f'), CODE).kind).toBe('busy');
  });

  it('cannot assume a new role for some seconds, nor use code that is not there', async () => {
    const world = makeWorld({ roleReadyMs: [5_000, 5_000] });
    expect(world.functions.create(functionSpec('f'), { key: CODE_KEY, version: 'v9' }).kind).toBe('noCode');
    expect(world.functions.create(functionSpec('f'), CODE).kind).toBe('notReady');
    await world.pass(6);
    expect(world.functions.create(functionSpec('f'), CODE).kind).toBe('created');
  });

  it('leaves 100 of the account’s concurrency unreserved', async () => {
    const world = makeWorld({}, { accountConcurrency: 101 });
    world.functions.create(functionSpec('f'), CODE);
    world.functions.create(functionSpec('g'), CODE);
    await world.pass(3);
    expect(world.functions.reserveOne('f')).toBe('done');
    expect(world.functions.reserveOne('g')).toBe('noRoom');
    world.functions.delete('f');
    expect(world.functions.reserveOne('g')).toBe('done');
  });

  it('serves the old code until an update is Successful, and ends what runs on the code it began with', async () => {
    const world = makeWorld();
    await makePipeline(world, 'q');
    sendTo(world, 'q', 1, 5);
    await world.pass(1);
    world.functions.updateCode(functionSpec('q'), { key: CODE_KEY, version: 'v2' });
    sendTo(world, 'q', 1, 1);
    await world.pass(3);
    sendTo(world, 'q', 1, 1);
    await world.pass(10);
    expect(world.book.runs.map(({ codeVersion }) => codeVersion)).toEqual(['v1', 'v1', 'v2']);
  });

  it('ends a task at the function’s timeout, and it comes back after its visibility timeout', async () => {
    const world = makeWorld();
    await makePipeline(world, 'q', { consumer: { timeoutSeconds: 10 } });
    sendTo(world, 'q', 1, 100);
    await world.pass(75);
    expect(world.book.runs.map(({ outcome }) => outcome)).toEqual(['timedOut', 'timedOut']);
    const [first, second] = world.book.runs;
    expect((first?.endedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBe(10_000);
    expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(60_000);
  });
});

describe('simulated mappings', () => {
  it('refuse a second one for the same pair, and changes while one is under way', async () => {
    const world = makeWorld();
    const { queue, mappingId } = await makePipeline(world, 'q');
    const again = world.mappings.create({
      functionName: 'q',
      queueArn: queue.arn,
      enabled: true,
      maximumConcurrency: 2,
      batchSize: 1,
      batchWindowSeconds: 0,
      partialFailures: true,
      tags: {},
    });
    expect(again).toEqual({ kind: 'exists', id: mappingId });
    expect(world.mappings.change(mappingId, { maximumConcurrency: 5 }).kind).toBe('done');
    expect(world.mappings.read(mappingId)?.state).toBe('Updating');
    expect(world.mappings.change(mappingId, { maximumConcurrency: 6 }).kind).toBe('inUse');
    expect(world.mappings.delete(mappingId)).toBe('inUse');
    await world.pass(11);
    expect(world.mappings.delete(mappingId)).toBe('deleting');
    expect(world.mappings.read(mappingId)?.state).toBe('Deleting');
    await world.pass(11);
    expect(world.mappings.read(mappingId)).toBeUndefined();
  });

  it('refuse a visibility timeout below the function’s timeout, and large batches without a window', async () => {
    const world = makeWorld();
    const { mappingId } = await makePipeline(world, 'q');
    expect(() => world.mappings.change(mappingId, { batchSize: 11 })).toThrow(/batching window/);
    expect(() => world.mappings.change(mappingId, { maximumConcurrency: 1 })).toThrow(/MaximumConcurrency/);
    world.functions.configure(functionSpec('q', { timeoutSeconds: 61 }));
    expect(() => world.mappings.change(mappingId, { batchSize: 2 })).toThrow(/visibility timeout/);
  });

  it('stay behind when their function is deleted', async () => {
    const world = makeWorld();
    const { mappingId } = await makePipeline(world, 'q');
    world.functions.delete('q');
    await world.pass(60);
    expect(world.mappings.read(mappingId)?.state).toBe('Enabled');
  });

  it('run no more at once than MaximumConcurrency', async () => {
    const world = makeWorld();
    await makePipeline(world, 'q', { mapping: { maximumConcurrency: 3 } });
    sendTo(world, 'q', 30, 2);
    await world.pass(60);
    expect(world.book.runs).toHaveLength(30);
    expect(mostRunning(world)).toBe(3);
  });

  it('begin with 5 at once and add 300 a minute', async () => {
    const world = makeWorld();
    await makePipeline(world, 'q', { mapping: { maximumConcurrency: 100 } });
    sendTo(world, 'q', 200, 20);
    await world.pass(0.9);
    expect(world.book.runs).toHaveLength(5);
    await world.pass(10);
    expect(world.book.runs.length).toBeGreaterThan(45);
    expect(world.book.runs.length).toBeLessThanOrEqual(60);
  });

  it('go by their old settings until a change is over', async () => {
    const world = makeWorld();
    const { mappingId } = await makePipeline(world, 'q', { mapping: { maximumConcurrency: 4 } });
    world.mappings.change(mappingId, { enabled: false });
    sendTo(world, 'q', 2, 30);
    await world.pass(9);
    expect(world.book.runs).toHaveLength(2);
    await world.pass(2);
    sendTo(world, 'q', 2, 1);
    await world.pass(60);
    // What ran when it was disabled has come to its end; nothing else was received.
    expect(world.book.runs).toHaveLength(2);
    expect(world.book.runs.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
  });

  it('burn receive counts where reserved concurrency is below what they fetch', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('dead'));
    const deadLetterQueueArn = world.queues.byName.get('dead')?.arn ?? '';
    const { queue } = await makePipeline(world, 'q', {
      queue: { redrive: { deadLetterQueueArn, maxReceiveCount: 1 } },
    });
    world.functions.reserveOne('q');
    sendTo(world, 'q', 10, 20);
    await world.pass(600);
    expect(mostRunning(world)).toBe(1);
    expect(queue.messages.size).toBe(0);
    const dead = world.queues.byName.get('dead')?.messages.size ?? 0;
    expect(dead).toBeGreaterThan(0);
    expect(new Set(world.book.runs.map(({ taskId }) => taskId)).size + dead).toBe(10);
  });

  it('delete of a batch what did not fail, and bring back the rest', async () => {
    const world = makeWorld();
    const { queue } = await makePipeline(world, 'q', { mapping: { batchSize: 5, batchWindowSeconds: 1 } });
    sendTo(world, 'q', 4, 1);
    sendTo(world, 'q', 1, 1, 1);
    await world.pass(10);
    expect(queue.messages.size).toBe(1);
    await world.pass(60);
    expect(queue.messages.size).toBe(0);
    expect(world.book.runs.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 4 }, () => 'succeeded'),
      'failed',
      'succeeded',
    ]);
  });
});

describe('simulated streams', () => {
  it('deliver at least once, in order per item, and bisect around a poison record into the destination', async () => {
    const world = makeWorld({ duplicateEvents: 1 });
    world.poison.add('bad');
    for (const id of ['a', 'bad', 'b', 'c', 'd', 'e']) world.configs.put(id, { pipelineId: id });
    await world.pass(1_200);
    expect(world.stream.deadLetters.map(({ pipelineId }) => pipelineId)).toEqual(['bad']);
    const phases = ['a', 'b', 'c', 'd', 'e'].map((id) => world.statuses.records.get(id)?.phase);
    expect(phases).toEqual(Array.from({ length: 5 }, () => 'Active'));
    expect(world.statuses.records.get('bad')).toBeUndefined();
  });
});

describe('simulated Step Functions', () => {
  it('answers the running execution for the same name and input, and refuses a name once used', async () => {
    const world = makeWorld();
    const input = { pipelineId: 'x', verify: false, reason: 'test' };
    expect(world.executions.start('name', input)).toBe('started');
    expect(world.executions.start('name', input)).toBe('started');
    expect(world.executions.started).toBe(1);
    expect(world.executions.start('name', { ...input, verify: true })).toBe('already');
    await world.pass(60);
    expect(world.executions.running.size).toBe(0);
    expect(world.executions.start('name', input)).toBe('already');
    expect(() => world.executions.start('n'.repeat(81), input)).toThrow(/InvalidName/);
  });
});
