import { describe, expect, it } from '@jest/globals';
import { CODE_KEY } from '../../../lab/simulator/world/world.ts';
import { CODE, functionSpec, makePipeline, makeWorld, sendTo } from './pipelines.ts';

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
