import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const LAMBDA = resolve(import.meta.dirname, '../../../consumer/lambda.ts');
const SCRIPT = `
  const { lambdaEffects } = await import(${JSON.stringify(LAMBDA)});
  const effects = lambdaEffects();
  effects.onShutdown(() => effects.write('the last line'));
  effects.write('up');
  setInterval(() => {}, 1_000);
`;

describe('a process that Lambda tells to end', () => {
  it('writes what it has left to say, and ends', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    child.stdout.on('data', (text) => {
      lines.push(String(text).trim());
      if (lines.length === 1) child.kill('SIGTERM');
    });
    const [exitCode] = await once(child, 'close');
    expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: ['up', 'the last line'] });
  }, 30_000);
});
