import { parseArgs } from 'node:util';
import { BUGS } from './bugs.ts';
import { describeFailure, trySeed } from './replay.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    bug: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
  },
});

const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const bug = values.bug === undefined ? undefined : BUGS[values.bug];
if (values.bug !== undefined && bug === undefined) {
  console.error(`there is no bug ${values.bug}; there are ${Object.keys(BUGS).join(', ')}`);
  process.exit(2);
}
const startedMs = performance.now();
let failures = 0;
let tried = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const failure = await trySeed(seed, bug === undefined ? {} : { patch: bug.patch }, values.seed ? 60 : 20);
  tried += 1;
  if (failure === undefined) continue;
  failures += 1;
  console.error(describeFailure(failure, values.bug));
  if (!values['keep-going']) break;
}
const seconds = (performance.now() - startedMs) / 1000;
console.log(
  `${tried} seeds, ${failures} failures, ${seconds.toFixed(1)} s (${(tried / seconds).toFixed(0)} seeds/s)`,
);
process.exitCode = failures === 0 ? 0 : 1;
