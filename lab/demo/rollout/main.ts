/**
 * `npm run demo:rollout`: releases of consumer code go out under load, on a local stage of its own.
 * `npm run -s demo:rollout -- --json`: the same, with JSON on standard output and the timeline on standard error.
 * Exit code 1 if anything is not so.
 */
import { runJudgedDemo } from '../judged-demo.ts';
import { closingTable, momentLine, resultOf } from './report.ts';
import { tellStory } from './story.ts';

const STAGE = 'rollout';

const AS_ON_AWS = `As on AWS, a call that runs when its function changes goes on with the code it started with. The emulator
would end it; the local stage repairs that (lab/local-stage/patches.py).`;

await runJudgedDemo({
  stage: STAGE,
  play: async (emulator, outputs, tell) => {
    tell(`${AS_ON_AWS}\n`);
    return resultOf(await tellStory(emulator, STAGE, outputs, (moment) => tell(momentLine(moment))));
  },
  closing: closingTable,
});
