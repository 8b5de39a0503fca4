/** Bringing the emulator up and down leaves nothing behind, whatever happened in between. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { answers, startEmulator } from '../../lab/local-stage/emulator.ts';
import { groupIsAlive } from '../../lab/local-stage/processes.ts';
import { endStage, rememberStage, runningStage, type StageState } from '../../lab/local-stage/stage-state.ts';
import { createFunction, invoke, sdkClients } from './hand-made-pipelines.ts';

const folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
const state = join(folder, 'state.json');
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an emulator', () => {
  it('leaves no process and no folder behind once stopped, function processes included', async () => {
    const emulator = await startEmulator({ name: 'test-processes' });
    const { lambda } = sdkClients(emulator);
    await createFunction(lambda, 'held', 'return process.pid;');
    const functionPid = Number(await invoke(lambda, 'held'));
    expect(() => process.kill(functionPid, 0)).not.toThrow();

    await emulator.stop();
    expect(groupIsAlive(emulator.pid)).toBe(false);
    expect(() => process.kill(functionPid, 0)).toThrow('ESRCH');
    expect(existsSync(emulator.temporaryFolder)).toBe(false);
    await emulator.stop(); // again: nothing to do
  }, 60_000);

  it('ends by itself when the process that started it is killed outright', async () => {
    const module = new URL('../../lab/local-stage/emulator.ts', import.meta.url).href;
    const script =
      `const { startEmulator } = await import(${JSON.stringify(module)});` +
      `const e = await startEmulator({ name: 'test-orphan' });` +
      `console.log(JSON.stringify({ pid: e.pid, folder: e.temporaryFolder }));` +
      `setInterval(() => {}, 1000);`;
    const parent = spawn('node', ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const started = JSON.parse(line.toString()) as { pid: number; folder: string };
    expect(groupIsAlive(started.pid)).toBe(true);

    parent.kill('SIGKILL');
    await within(5000, () => !groupIsAlive(started.pid) && !existsSync(started.folder));
  }, 60_000);
});

describe('a remembered emulator', () => {
  it('is found while it runs, outlives its finder, and is ended as a whole', async () => {
    const emulator = await startEmulator({ name: 'test-detached', detached: true });
    await rememberStage(emulator, Date.now(), state);
    expect((await runningStage(state))?.endpoint).toBe(emulator.endpoint);

    expect(await endStage(state)).toBe(true);
    expect(await answers(emulator.endpoint)).toBe(false);
    expect(existsSync(emulator.temporaryFolder)).toBe(false);
    expect(existsSync(state)).toBe(false);
  }, 60_000);

  it('that is dead is not believed in, and its folder goes', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    const leftover = await mkdtemp(join(tmpdir(), 'sluice-emulator-'));
    await remember({ pid: Number(gone.pid), temporaryFolder: leftover });

    expect(await runningStage(state)).toBeUndefined();
    expect(await endStage(state)).toBe(false);
    expect(existsSync(leftover)).toBe(false);
  });

  it('whose pid a stranger has got by now leaves the stranger alone', async () => {
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    try {
      await remember({ pid: Number(stranger.pid) });
      expect(await runningStage(state)).toBeUndefined();
      expect(await endStage(state)).toBe(false);
      expect(groupIsAlive(Number(stranger.pid))).toBe(true);
    } finally {
      stranger.kill('SIGKILL');
    }
  });
});

async function remember(facts: Partial<StageState>): Promise<void> {
  const nowhere = { endpoint: 'http://127.0.0.1:9', temporaryFolder: join(folder, 'none') };
  await writeFile(state, JSON.stringify({ ...nowhere, ...facts }));
}

async function within(limitMs: number, isSo: () => boolean): Promise<void> {
  const endMs = Date.now() + limitMs;
  while (!isSo()) {
    if (Date.now() > endMs) throw new Error(`not so within ${limitMs} ms: ${isSo}`);
    await sleep(50);
  }
}
