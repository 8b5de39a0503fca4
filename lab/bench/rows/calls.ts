import { preparePython } from '../../local-stage/python.ts';
import { countOverHttp } from '../calls-over-http.ts';
import { countSimulated } from '../calls-simulated.ts';
import { type Cost, OPERATIONS } from '../operations.ts';
import type { Findings, Row } from '../row.ts';
import { median, range } from '../statistics.ts';

const PIPELINES = 50;
const POLLS_A_WAIT = 2;

/** Row 2: what an operation costs of the 15 calls a second. */
export const calls: Row = {
  name: 'calls',
  title: 'Calls per operation',
  compared:
    'Calls that change something in Lambda’s control plane, which takes 15 requests a second for all functions of an ' +
    'account, against the fewest that can do it: one for each of function, code, reservation and mapping that has to be ' +
    'made, changed or deleted. Counted at the HTTP client on the local stage, by a proxy between the functions’ SDK ' +
    `clients and the emulator; and for ${PIPELINES} pipelines in the simulator, whose mappings take as long as AWS’s.`,
  async run(say) {
    await preparePython(say);
    const simulated = await countSimulated(PIPELINES);
    return findings(simulated, await countOverHttp(say));
  },
};

function findings(
  simulated: ReadonlyMap<string, readonly Cost[]>,
  overHttp: ReadonlyMap<string, Cost>,
): Findings {
  const counted = OPERATIONS.map((operation) => {
    const many = simulated.get(operation.name) ?? [];
    const one = overHttp.get(operation.name);
    const changes = [...many.map((cost) => cost.changes), ...(one ? [one.changes] : [])];
    const polls = many.map(({ mappingPolls }) => mappingPolls);
    return { operation, many, one, most: Math.max(...changes), polls, mostPolls: Math.max(...polls) };
  });
  const tooMany = counted.filter(({ operation: { goal }, most }) => goal !== undefined && most > goal);
  const tooManyPolls = counted.filter(
    ({ operation: { goal, waits }, mostPolls }) => goal !== undefined && mostPolls > POLLS_A_WAIT * waits,
  );
  const names = (found: typeof counted) =>
    found.length === 0 ? 'all of them' : `not: ${found.map(({ operation }) => operation.name).join('; ')}`;
  return {
    tables: [
      {
        columns: [
          ...['operation', 'least possible', 'goal', 'over HTTP', 'simulator'],
          ...['mapping polls, simulator', 'their median', 'mapping polls, over HTTP'],
        ],
        lines: counted.map(({ operation, many, one, polls }) => [
          operation.name,
          operation.least,
          operation.goal === undefined ? 'none' : `≤ ${operation.goal}`,
          one?.changes ?? '–',
          range(many.map(({ changes }) => changes)),
          range(polls),
          median(polls),
          one?.mappingPolls ?? '–',
        ]),
      },
    ],
    notes: [
      'In the simulator five minutes lie between two operations, no function fails and the reconciler rests. Only ' +
        '`create again at once` comes right after a teardown: its AWS takes up to two minutes to delete a mapping, and ' +
        'until then refuses the new one, so each try costs a call. The emulator, where a mapping is gone or ready at ' +
        'once, shows neither that nor polls.',
      'The operations follow each other, each on what the one before it left. Polls count in the same 15 a second and are ' +
        'paced like all else; functions are looked at with GetFunction, which has 100 a second of its own. Neither the ' +
        'reconciler’s tick nor a release’s rollout is an operation on one pipeline: their reads are left out.',
    ],
    goals: [
      { goal: 'no more changing calls than the goal', measured: names(tooMany), met: tooMany.length === 0 },
      {
        goal: `at most ${POLLS_A_WAIT} polls for each wait for a mapping`,
        measured: names(tooManyPolls),
        met: tooManyPolls.length === 0,
      },
    ],
  };
}
