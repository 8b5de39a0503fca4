/** A process that takes one call of `sluice` after another: to begin a process for each takes longer than most calls. */
import { run } from '../../../operator/cli/main.ts';
import type { Ended } from './run-step.ts';

/** Where, and with which words. */
export interface Wanted {
  readonly folder: string;
  readonly words: readonly string[];
}

// Each call adds a listener of its own.
process.stdout.setMaxListeners(0);
process.on('message', async ({ folder, words }: Wanted) => {
  process.chdir(folder);
  let said = '';
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(({ write }) => write);
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array, ...more: readonly unknown[]) => {
      said += String(chunk);
      const written = more.find((one) => typeof one === 'function');
      if (written !== undefined) queueMicrotask(written as () => void);
      return true;
    };
  }
  const exit = await run([...words], process.env);
  for (const [at, stream] of streams.entries()) stream.write = writes[at] ?? stream.write;
  const ended: Ended = { exit, said };
  process.send?.(ended);
});
process.on('disconnect', () => process.exit());
