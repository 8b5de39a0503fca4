import { duration } from '../../core/verdict/amounts.ts';
import type { StagePlan } from '../desk/read-plan.ts';
import { counted, number } from './numbers.ts';
import type { Paint } from './terminal.ts';

const NAMED_MOST = 5;

/** A plan for people: a line for each thing that has a limit or a price. */
export function planText(plan: StagePlan, paint: Paint): readonly string[] {
  return [...linesOf(plan)].map(({ what, says, isTrouble }) => {
    const text = `${what.padEnd(14)}${says}`;
    return isTrouble ? paint('yellow', text) : text;
  });
}

interface Line {
  readonly what: string;
  readonly says: string;
  readonly isTrouble?: boolean;
}

function* linesOf(plan: StagePlan): Generator<Line> {
  const { atOnce, oneAtATime, code, idle, load, drain, notValid } = plan;
  yield {
    what: 'pipelines',
    says: `${number(plan.pipelines)}${plan.paused > 0 ? `, ${number(plan.paused)} of them paused` : ''}`,
  };
  if (notValid.length > 0) {
    const says = `${counted(notValid.length, 'record')}: ${named(notValid)}; left out here, sluice why says what is wrong`;
    yield { what: 'not valid', says, isTrouble: true };
  }
  const of = atOnce.allowed === undefined ? '' : ` of ${number(atOnce.allowed)} that the account allows`;
  const over =
    atOnce.over === undefined
      ? ''
      : ` — ${number(atOnce.over)} too many if all work: they share what there is`;
  yield {
    what: 'at once',
    says: `${number(atOnce.wanted)}${of}${over}`,
    isTrouble: atOnce.over !== undefined,
  };
  if (oneAtATime.reserved + oneAtATime.leased > 0 || oneAtATime.unitsLeft === 0) {
    const left =
      oneAtATime.unitsLeft === undefined ? '' : `; ${counted(oneAtATime.unitsLeft, 'unit')} left to reserve`;
    yield {
      what: 'one at a time',
      says: `${number(oneAtATime.reserved)} by reserved concurrency, ${number(oneAtATime.leased)} by a lease${left}`,
    };
  }
  if (code.usedBytes !== undefined && code.allowedBytes !== undefined) {
    const room = code.roomFor === undefined ? '' : `, room for ${number(code.roomFor)} more pipelines`;
    yield {
      what: 'code storage',
      says: `${gigabytes(code.usedBytes)} of ${gigabytes(code.allowedBytes)}${room}`,
      isTrouble: code.usedBytes > 0.8 * code.allowedBytes,
    };
  }
  yield {
    what: 'idle',
    says: `$${number(idle.totalUsd, 2)} a month: asking empty queues ${usd(idle.pollingUsd)}, looking for drift ${usd(idle.lookingUsd)}, watching ${usd(idle.watchingUsd)}`,
  };
  if (load !== undefined) {
    const { consumer, queue, limits, progress } = load.usd;
    yield {
      what: 'load',
      says: `${usd(load.totalUsd)} for ${number(load.tasksPerMonth)} tasks a month: consumers ${usd(consumer)}, queues ${usd(queue)}, limits ${usd(limits)}, progress ${usd(progress)}`,
    };
    if (load.tooSlow.length > 0) {
      const says = `${counted(load.tooSlow.length, 'pipeline')} cannot do their share of it in a month: ${named(load.tooSlow)}`;
      yield { what: 'too slow', says, isTrouble: true };
    }
  }
  const last =
    drain.last === undefined ? '' : `, done in about ${duration(drain.seconds)}, ${drain.last} last`;
  yield { what: 'in queues', says: `${counted(drain.tasks, 'task')}${last}` };
}

function named(ids: readonly string[]): string {
  const more = ids.length - NAMED_MOST;
  return `${ids.slice(0, NAMED_MOST).join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}`;
}

function usd(value: number): string {
  return `$${number(value, 2)}`;
}

function gigabytes(bytes: number): string {
  return `${number(bytes / 1e9, 2)} GB`;
}
