import { parseArgs } from 'node:util';
import { BUGS } from './bugs.ts';
import type { History } from './history.ts';
import { describeFailure, THEMES, type Theme, trySeed } from './replay.ts';
import { Tally } from './tally.ts';

const FIRST_THEME: Theme = 'everything';
const HELP = `npm run sim -- [options]
  --seeds N      how many stories (1000)
  --from N       the first seed (1)
  --seed N       this one only
  --about THEME  what the stories are about: ${Object.keys(THEMES).join(', ')} (${FIRST_THEME})
  --bug NAME     with a deliberate bug: ${Object.keys(BUGS).join(', ')}
  --keep-going   past the first seed that fails`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    about: { type: 'string', default: FIRST_THEME },
    bug: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const bug = values.bug === undefined ? undefined : BUGS[values.bug];
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const isTheme = Object.hasOwn(THEMES, values.about);
const sound = isTheme && Number.isSafeInteger(first) && Number.isSafeInteger(count) && count > 0;
if (values.help || !sound || (values.bug !== undefined && bug === undefined)) {
  console.error(HELP);
  process.exit(values.help ? 0 : 2);
}

/** How long a smaller story is looked for. */
const shrinkSeconds = values.seed === undefined ? 20 : 60;
const tally = new Tally();
const options = {
  theme: values.about as Theme,
  seen: (history: History) => tally.add(history),
  ...(bug === undefined ? {} : { patch: bug.patch }),
};
const startedMs = performance.now();
let failures = 0;
let tried = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const failure = await trySeed(seed, options, shrinkSeconds);
  tried += 1;
  if (failure === undefined) continue;
  failures += 1;
  console.error(describeFailure(failure, values.bug));
  if (!values['keep-going']) break;
}
const seconds = (performance.now() - startedMs) / 1000;
for (const line of tally.lines()) console.log(line);
console.log(
  `${tried} seeds, ${failures} failures, ${seconds.toFixed(1)} s (${(tried / seconds).toFixed(0)} seeds/s)`,
);
process.exitCode = failures === 0 ? 0 : 1;
