/**
 * `npm run demo:rollout`: releases of consumer code go out under load, on a local stage of its own.
 * `npm run -s demo:rollout -- --json`: the same, with JSON on standard output and the timeline on standard error.
 * Exit code 1 if anything is not so.
 */
import { parseArgs } from 'node:util';
import { deployStage, removeStage } from '../../local-stage/deploy.ts';
import { startEmulator } from '../../local-stage/emulator.ts';
import { closingTable, momentLine, resultOf } from './report.ts';
import { tellStory } from './story.ts';

const STAGE = 'rollout';

const AS_ON_AWS = `As on AWS, a call that runs when its function changes goes on with the code it started with. The emulator
would end it; the local stage repairs that (lab/local-stage/patches.py).`;

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const say = (line: string) => process.stderr.write(`${line}\n`);
const tell = (line: string) => (values.json ? process.stderr : process.stdout).write(`${line}\n`);

say('bringing up a local stage of its own …');
const emulator = await startEmulator({ name: STAGE, say });
try {
  const outputs = await deployStage({ connection: emulator, stage: STAGE });
  tell(`${AS_ON_AWS}\n`);
  const story = await tellStory(emulator, STAGE, outputs, (moment) => tell(momentLine(moment)));

  const result = resultOf(story);
  tell(`\n${closingTable(result)}`);
  if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.problems.length === 0 ? 0 : 1;

  say('cleaning up …');
  await removeStage({ connection: emulator, stage: STAGE, discard: true });
} finally {
  await emulator.stop();
}
