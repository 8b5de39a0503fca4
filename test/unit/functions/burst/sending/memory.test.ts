import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('./million.ts', import.meta.url));

/** Measured and sent in a process of its own. */
async function sendTasks(tasks: number) {
  const args = ['--expose-gc', script, String(tasks)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { accepted: number; repeats: number; heapMegabytes: [number, number] };
}

describe('a burst from an object', () => {
  it('takes no more memory for a million tasks than for two rounds of them', async () => {
    const { accepted, repeats, heapMegabytes } = await sendTasks(1_000_000);
    expect([accepted, repeats]).toEqual([1_000_000, 0]);
    const [first, most] = heapMegabytes;
    // The tasks themselves are 120 MB.
    expect(most - first).toBeLessThan(24);
  }, 180_000);
});
