import type { GroupChanged } from '../../../core/flow/group-change.ts';
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
    .filter(({ detailType }) => DETAIL_TYPES.has(detailType))
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
