/** `npm run local -- up|down|status|logs` */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lastLines } from './log-file.ts';
import { localFolder } from './paths.ts';
import { bringUp, findConnection, findStage } from './stage.ts';
import { endStage } from './stage-state.ts';

const USAGE = `npm run local -- <command>
  up              start the emulator and deploy stage local; again: deploy what has changed
  down            stop the emulator; everything in it is gone
  status [--json] where the stage is and what it is made of
  logs [-f]       what the emulator and the functions wrote`;

const commands: Readonly<Record<string, (flags: Flags) => Promise<number>>> = { up, down, status, logs };

interface Flags {
  readonly json?: boolean | undefined;
  readonly follow?: boolean | undefined;
}

async function up(): Promise<number> {
  const { endpoint } = await bringUp(true, say);
  say(`stage local is up at ${endpoint}; npm run local -- status shows it, npm run local -- down ends it`);
  return 0;
}

async function down(): Promise<number> {
  say((await endStage()) ? 'the emulator is stopped' : 'nothing was running');
  return 0;
}

async function status({ json }: Flags): Promise<number> {
  const stage = await findStage();
  if (!stage) {
    const isUp = (await findConnection()) !== undefined;
    process.stderr.write(
      `${isUp ? 'the emulator is up, but stage local is not deployed' : 'stage local is not up'}: ` +
        'start it with npm run local -- up\n',
    );
    return 1;
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(stage, null, 2)}\n`);
    return 0;
  }
  const { outputs, ...facts } = stage;
  for (const [name, value] of Object.entries({ ...facts, ...outputs })) say(`${name.padEnd(24)} ${value}`);
  return 0;
}

async function logs({ follow }: Flags): Promise<number> {
  const file = join(localFolder, 'emulator.log');
  if (!follow) {
    say(await lastLines(file, 200));
    return 0;
  }
  const tail = spawn('tail', ['-n', '200', '-F', file], { stdio: 'inherit' });
  return new Promise((resolve) => tail.once('exit', (code) => resolve(code ?? 0)));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, follow: { type: 'boolean', short: 'f' } },
});
const command = commands[positionals[0] ?? ''];
if (!command) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await command(values).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    return 1;
  });
}
