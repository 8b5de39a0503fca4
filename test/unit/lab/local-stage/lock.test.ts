import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { withLock } from '../../../../lab/local-stage/lock.ts';

const folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a lock', () => {
  it('lets one in at a time, and is gone afterwards, also after a failure', async () => {
    let inside = 0;
    let peak = 0;
    const work = async (fails: boolean) => {
      inside += 1;
      peak = Math.max(peak, inside);
      await sleep(10);
      inside -= 1;
      if (fails) throw new Error('failed');
    };
    const ended = await Promise.allSettled(
      [false, true, false].map((fails) => withLock('one', () => work(fails), 30, folder)),
    );
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(peak).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a dead process is taken over', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    await writeFile(join(folder, 'left.lock'), String(dead.pid));
    expect(await withLock('left', async () => 'mine', 5, folder)).toBe('mine');
  });

  it('that others hold for too long says who', async () => {
    await writeFile(join(folder, 'held.lock'), String(process.pid));
    await expect(withLock('held', async () => 'mine', 0, folder)).rejects.toThrow(
      `process ${process.pid} has held`,
    );
    await rm(join(folder, 'held.lock'));
  });
});
