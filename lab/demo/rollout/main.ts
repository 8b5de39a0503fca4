/** `npm run demo:rollout [-- --json FILE]`: releases of consumer code go out under load, on a local stage of its own. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { deployStage, removeStage } from '../../local-stage/deploy.ts';
import { startEmulator } from '../../local-stage/emulator.ts';
import { closingTable, momentLine, resultOf } from './report.ts';
import { tellStory } from './story.ts';

const STAGE = 'rollout';

const REST = `Where this differs from AWS: an emulator may end calls in the middle of a code change, so on a local stage each
consumer rests for its change, with nothing running. AWS lets calls that run finish on the code they started
with, and new ones start on the new code: there nothing rests.`;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const say = (line: string) => process.stderr.write(`${line}\n`);

say('bringing up a local stage of its own …');
const emulator = await startEmulator({ name: STAGE, say });
try {
  const outputs = await deployStage({ connection: emulator, stage: STAGE });
  process.stdout.write(`${REST}\n\n`);
  const story = await tellStory(emulator, STAGE, outputs, (moment) =>
    process.stdout.write(`${momentLine(moment)}\n`),
  );

  const result = resultOf(story);
  process.stdout.write(`\n${closingTable(result)}\n`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.problems.length === 0 ? 0 : 1;

  say('cleaning up …');
  await removeStage({ connection: emulator, stage: STAGE, discard: true });
} finally {
  await emulator.stop();
}
