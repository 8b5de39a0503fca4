import type { GroupChanged } from '../../../core/flow/group-change.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import type { History } from '../history.ts';

/**
 * Programs were told of every hold and of every change of a breaker, late perhaps and more than once, and of nothing
 * else: what DynamoDB's TTL takes away was over long ago.
 */
export function holdsAreTold(history: History): readonly string[] {
  const { holds, events, holdStream } = history.world;
  const lost = new Set(holdStream.deadLetters.map(({ pipelineId }) => pipelineId));
  const due = holds.changes.filter(({ isExpiry }) => !isExpiry).flatMap(tidingsOf);
  const told = events.published
    .filter(({ detailType, detail }) => DETAIL_TYPES.has(detailType) && forcedIn(detail) === undefined)
    .map(({ detailType, detail }) => ({
      pipelineId: String(detail.pipelineId),
      what: `${detailType} to ${detail.to}${detail.untilMs === undefined ? '' : ` until ${detail.untilMs}`}`,
    }));
  const texts = (list: readonly Tidings[]) =>
    new Set(list.map(({ pipelineId, what }) => `${pipelineId}: ${what}`));
  const [isDue, isTold] = [texts(due), texts(told)];
  return [
    ...due
      .filter(({ pipelineId, what }) => !isTold.has(`${pipelineId}: ${what}`) && !lost.has(pipelineId))
      .map(({ pipelineId, what }) => `${pipelineId}: nobody was told of “${what}”`),
    ...told
      .filter(({ pipelineId, what }) => !isDue.has(`${pipelineId}: ${what}`))
      .map(({ pipelineId, what }) => `${pipelineId}: “${what}” was told, and is not so`),
  ];
}

const DETAIL_TYPES = new Set(['Group hold changed', 'Breaker state changed']);

interface Tidings {
  readonly pipelineId: string;
  readonly what: string;
}

function tidingsOf({ pipelineId, before = {}, after = {} }: GroupChanged): Tidings[] {
  const { hold, breaker } = after;
  const state = breaker?.state ?? 'closed';
  const holdEnd = hold === undefined ? 'free' : `held until ${hold.untilMs}`;
  const until = breaker?.state === 'open' ? ` until ${breaker.untilMs}` : '';
  return [
    ...(hold?.untilMs === before.hold?.untilMs && hold?.cause === before.hold?.cause
      ? []
      : [`Group hold changed to ${holdEnd}`]),
    ...(state === (before.breaker?.state ?? 'closed') ? [] : [`Breaker state changed to ${state}${until}`]),
  ].map((what) => ({ pipelineId, what }));
}

/** What a record has begun to say of its breaker, if an event is about that. */
function forcedIn({ evidence }: Readonly<Record<string, unknown>>): unknown {
  return (evidence as { readonly forced?: unknown } | undefined)?.forced;
}

type Force = 'open' | 'closed' | 'auto';

/** Each change of what a status says of a forced breaker is told, and of nothing that no record has asked for. */
export function forcesAreTold({ world, writes, done }: History): readonly string[] {
  const due = changesOfForce(writes.map(({ record }) => record));
  const told = world.events.published.flatMap(({ detail }) => {
    const forced = forcedIn(detail);
    return forced === undefined ? [] : [`${detail.pipelineId}: ${forced}`];
  });
  const count = (list: readonly string[], text: string) => list.filter((one) => one === text).length;
  const asked = new Set(
    done.map(({ pipelineId, record }) => {
      const breaker = record?.breaker as { readonly force?: Force } | undefined;
      return `${pipelineId}: ${breaker?.force}`;
    }),
  );
  return [
    ...[...new Set(due)]
      .filter((text) => count(told, text) < count(due, text))
      .map((text) => `${text} by its record was told ${count(told, text)} times of ${count(due, text)}`),
    ...told
      .filter((text) => !text.endsWith(': auto') && !asked.has(text))
      .map((text) => `${text} was told, and no record has asked for it`),
  ];
}

function changesOfForce(records: readonly StatusRecord[]): readonly string[] {
  const known = new Map<string, Force>();
  return records.flatMap(({ pipelineId, applied }) => {
    const before = known.get(pipelineId) ?? 'auto';
    const after = applied?.wanted.breaker?.force ?? 'auto';
    known.set(pipelineId, after);
    // One that is taken down has nothing to tell of its breaker.
    return applied === undefined || before === after ? [] : [`${pipelineId}: ${after}`];
  });
}
