import { parseArgs } from 'node:util';
import { BUGS } from './bugs.ts';
import { describeTrial, trySeed } from './replay.ts';
import { THEMES } from './themes.ts';
import { timelineOf } from './timeline.ts';

const HELP = `npm run sim:flow -- [options]
  --about THEME  one of: ${Object.keys(THEMES).join(', ')} (all)
  --seeds N      how many scenarios of each (100)
  --from N       the first seed (1)
  --seed N       this one only, with everything that happened
  --bug NAME     with a deliberate bug: ${Object.keys(BUGS).join(', ')}
  --keep-going   past the first seed that fails`;

const { values } = parseArgs({
  options: {
    about: { type: 'string' },
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    bug: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const bug = values.bug === undefined ? undefined : BUGS[values.bug];
const about = values.about ?? bug?.theme;
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const isKnown =
  (values.bug === undefined || bug !== undefined) && (about === undefined || THEMES[about] !== undefined);
const isSound = isKnown && Number.isSafeInteger(first) && Number.isSafeInteger(count) && count > 0;
if (values.help || !isSound) {
  console.error(HELP);
  process.exit(values.help ? 0 : 2);
}

let failures = 0;
for (const theme of about === undefined ? Object.keys(THEMES) : [about]) {
  const startedMs = performance.now();
  let failed = 0;
  let tried = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const trial = await trySeed(theme, seed, bug?.patch);
    tried += 1;
    if (values.seed !== undefined) for (const line of timelineOf(trial)) console.log(line);
    if (trial.wrong.length === 0) continue;
    failed += 1;
    console.error(describeTrial(trial));
    if (!values['keep-going']) break;
  }
  failures += failed;
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(`${theme}: ${tried} seeds, ${failed} failures, ${seconds.toFixed(1)} s`);
}
process.exitCode = failures === 0 ? 0 : 1;
