import { changesBetween, type FieldChange } from '../../core/config-record/changes.ts';
import { isMap } from '../../core/config-record/given.ts';
import { type ConfigFacts, parseConfigRecord } from '../../core/config-record.ts';
import type { Stage } from '../stage/stage.ts';
import { DeskFault, NO_RECORD, type PipelineDesk } from '../views/desk.ts';
import type { RecordCheck } from '../views/pipelines.ts';
import { maskedChanges, unmasked } from './masks.ts';
import { readAccountFact } from './read-facts.ts';
import { unknownPipeline } from './show.ts';
import { standingOf } from './standing.ts';

type ConfigItem = Readonly<Record<string, unknown>>;

/** A record as it would be written, and what it would replace. */
interface Weighed {
  readonly pipelineId: string;
  readonly record: unknown;
  readonly stands: ConfigItem | undefined;
  readonly problems: RecordCheck['problems'];
  readonly changes: readonly FieldChange[];
}

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
  /** @param read what the record is an edit of, if that has been read */
  const weigh = async (given: unknown, read?: ConfigItem): Promise<Weighed> => {
    const pipelineId = isMap(given) && typeof given.pipelineId === 'string' ? given.pipelineId : '';
    const isNamed = pipelineId !== '';
    const [stands, status, account] = await Promise.all([
      read ?? (isNamed ? ports.configs.read(pipelineId) : undefined),
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
    if (stands !== undefined && changes.length === 0) return { ...check, standing: standingOf(stands) };
    const answer = await ports.edits.put(record as ConfigItem, stands);
    if (answer === 'conflict') throw changedMeanwhile(pipelineId, standingOf(stands));
    return { ...check, standing: standingOf(record as ConfigItem) };
  };

  const edit = async (
    pipelineId: string,
    change: (stands: ConfigItem) => ConfigItem,
  ): Promise<RecordCheck> => {
    for (let left = TRIES; ; left -= 1) {
      const stands = await ports.configs.read(pipelineId);
      if (stands === undefined) throw unknownPipeline(pipelineId, stage);
      try {
        return await write(await weigh(change(stands), stands));
      } catch (error) {
        if (left <= 1 || !(error instanceof DeskFault) || error.code !== 'Conflict') throw error;
      }
    }
  };

  return {
    async check(record) {
      const { problems, changes, stands } = await weigh(record);
      return { problems, changes: maskedChanges(changes), standing: standingOf(stands) };
    },

    async put(record, expected) {
      const weighed = await weigh(record);
      const { stands, pipelineId } = weighed;
      if (expected !== undefined && expected !== standingOf(stands))
        throw changedMeanwhile(pipelineId, expected, stands === undefined);
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

/** @param expected what was found standing */
function changedMeanwhile(pipelineId: string, expected: string, isGone = false): DeskFault {
  const what =
    expected === NO_RECORD
      ? `there is a record of ${pipelineId} by now`
      : `somebody else has ${isGone ? 'deleted' : 'changed'} the record of ${pipelineId} meanwhile`;
  return new DeskFault(
    'Conflict',
    `${what}, nothing is written — look at it again, and make your change anew`,
  );
}
