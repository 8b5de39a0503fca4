import { changesBetween, type FieldChange, isSame } from '../../core/config-record/changes.ts';
import { isMap } from '../../core/config-record/given.ts';
import { type ConfigFacts, parseConfigRecord } from '../../core/config-record.ts';
import type { Stage } from '../stage/stage.ts';
import { DeskFault, type PipelineDesk } from '../views/desk.ts';
import type { RecordCheck } from '../views/pipelines.ts';
import { maskedChanges, unmasked } from './masks.ts';
import { readAccountFact } from './read-facts.ts';
import { unknownPipeline } from './show.ts';

type ConfigItem = Readonly<Record<string, unknown>>;

/** A record as it would be written, and what it would replace. */
interface Weighed {
  readonly pipelineId: string;
  readonly record: unknown;
  readonly stands: ConfigItem | undefined;
  readonly problems: RecordCheck['problems'];
  readonly changes: readonly FieldChange[];
}

/** What stood in the table when a record was checked: with its values, which whoever has the symbol does not see. */
const STOOD = new WeakMap<symbol, { readonly record: ConfigItem | undefined }>();

/** An edit of one field is made anew where somebody else was quicker. */
const TRIES = 5;

/** What people do to config records. */
export function createEdits({
  stage,
  ports,
}: Pick<Stage, 'stage' | 'ports'>): Pick<
  PipelineDesk,
  'check' | 'put' | 'remove' | 'setPaused' | 'forceBreaker'
> {
  /** @param stood what the record is an edit of, if that has been read */
  const weigh = async (
    given: unknown,
    stood?: { readonly record: ConfigItem | undefined },
  ): Promise<Weighed> => {
    const pipelineId = isMap(given) && typeof given.pipelineId === 'string' ? given.pipelineId : '';
    const isNamed = pipelineId !== '';
    const [stands, status, account] = await Promise.all([
      stood ? stood.record : isNamed ? ports.configs.read(pipelineId) : undefined,
      isNamed ? ports.statuses.read(pipelineId) : undefined,
      readAccountFact(ports),
    ]);
    const { record, problems } = unmasked(given, stands);
    const facts: ConfigFacts = {
      stage,
      ...(account && { accountConcurrency: account.concurrency }),
      ...(status?.measured && { measuredSeconds: status.measured.taskSeconds }),
    };
    const parsed = parseConfigRecord(record, facts);
    const wrong = parsed.kind === 'invalid' ? parsed.problems : [];
    return {
      pipelineId,
      record,
      stands,
      problems: [...problems, ...wrong.filter(({ path }) => problems.every((one) => one.path !== path))],
      changes: isMap(record) ? changesBetween(stands, record) : [],
    };
  };

  const write = async ({ pipelineId, record, stands, problems, changes }: Weighed): Promise<RecordCheck> => {
    if (problems.length > 0) {
      throw new DeskFault(
        'Invalid',
        `the config record${pipelineId === '' ? '' : ` of ${pipelineId}`} is not valid, nothing is written`,
        problems,
      );
    }
    const check = { problems: [], changes: maskedChanges(changes) };
    if (stands !== undefined && changes.length === 0) return check;
    const answer = await ports.edits.put(record as ConfigItem, stands);
    if (answer === 'conflict') throw changedMeanwhile(pipelineId);
    return check;
  };

  const edit = async (
    pipelineId: string,
    change: (stands: ConfigItem) => ConfigItem,
  ): Promise<RecordCheck> => {
    for (let left = TRIES; ; left -= 1) {
      const stands = await ports.configs.read(pipelineId);
      if (stands === undefined) throw unknownPipeline(pipelineId, stage);
      try {
        return await write(await weigh(change(stands), { record: stands }));
      } catch (error) {
        if (left <= 1 || !(error instanceof DeskFault) || error.code !== 'Conflict') throw error;
      }
    }
  };

  return {
    async check(record) {
      const { problems, changes, stands } = await weigh(record);
      const standing = Symbol('standing');
      STOOD.set(standing, { record: stands });
      return { problems, changes: maskedChanges(changes), standing };
    },

    async put(record, expected) {
      const stood = typeof expected === 'symbol' ? STOOD.get(expected) : undefined;
      const weighed = await weigh(record, stood);
      const { stands, pipelineId } = weighed;
      const isAsExpected =
        expected === undefined || stood !== undefined || isSame(unmasked(expected, stands).record, stands);
      if (!isAsExpected) throw changedMeanwhile(pipelineId);
      return write(weighed);
    },

    async remove(pipelineId) {
      if ((await ports.edits.remove(pipelineId)) === 'none') throw unknownPipeline(pipelineId, stage);
    },

    setPaused: (pipelineId, isPaused) => edit(pipelineId, (record) => withPaused(record, isPaused)),
    forceBreaker: (pipelineId, to) => edit(pipelineId, (record) => withForce(record, to)),
  };
}

function withPaused({ paused, ...record }: ConfigItem, isPaused: boolean): ConfigItem {
  return isPaused ? { ...record, paused: true } : record;
}

function withForce(record: ConfigItem, to: 'open' | 'closed' | 'auto'): ConfigItem {
  const { breaker, pipelineId } = record;
  if (!isMap(breaker)) {
    throw new DeskFault(
      'NotPossible',
      `${pipelineId} has no breaker — "breaker": {} in its record gives it one; sluice pause ${pipelineId} stops it`,
    );
  }
  const { force: _force, ...rest } = breaker;
  return { ...record, breaker: to === 'auto' ? rest : { ...rest, force: to } };
}

function changedMeanwhile(pipelineId: string): DeskFault {
  return new DeskFault(
    'Conflict',
    `somebody else has changed the record of ${pipelineId} meanwhile, nothing is written — look at it again, and make your change anew`,
  );
}
