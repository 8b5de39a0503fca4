import { Chance } from './chance.ts';
import type { PlannedFault, Story } from './story.ts';
import type { Caller } from './world/caller.ts';
import { CALL_FAULTS, type CallFault, type FaultPlan, RUN_FAULTS, type RunFault } from './world/faults.ts';

/** What brings releases out, besides the pipelines' own runs. */
const RELEASE_FUNCTIONS = new Set(['code-rollout', 'code-listener', 'rollout-control']);

/** Faults as a story plans them, between two times. */
export class PlannedFaults implements FaultPlan {
  readonly #nowMs: () => number;
  readonly #chance: Chance;
  readonly #calls = new Map<string, CallFault>();
  readonly #runs = new Map<string, RunFault>();
  readonly #counts = new Map<string, number>();
  #storm: { readonly fromMs: number; readonly untilMs: number; readonly probability: number } | undefined;
  #on = false;
  /** Planned faults that have come true. */
  struck = 0;

  constructor(story: Story, names: readonly string[], nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#chance = new Chance(story.world, 'faults');
    for (const fault of story.faults) this.#plan(fault, 'on' in fault ? (names[fault.on] ?? '') : '');
  }

  begin(story: Story): void {
    this.#on = true;
    if (story.storm === undefined) return;
    const { fromSeconds, seconds, permille } = story.storm;
    const fromMs = this.#nowMs() + fromSeconds * 1000;
    this.#storm = { fromMs, untilMs: fromMs + seconds * 1000, probability: permille / 1000 };
  }

  end(): void {
    this.#on = false;
  }

  ofCall(caller: Caller): CallFault | undefined {
    if (!this.#on) return undefined;
    if (caller.functionName === 'pipeline-lifecycle') {
      const planned = this.#calls.get(this.#next('call', caller.pipelineId));
      const ofStep = this.#calls.get(this.#next(`call of ${caller.label}`, caller.pipelineId));
      if (planned !== undefined || ofStep !== undefined) {
        this.struck += 1;
        return planned ?? ofStep;
      }
    }
    if (RELEASE_FUNCTIONS.has(caller.functionName)) {
      const { functionName, label } = caller;
      const planned = this.#calls.get(this.#next(`call of ${functionName}`, ''));
      const ofStep = this.#calls.get(this.#next(`call of ${label}`, ''));
      if (planned !== undefined || ofStep !== undefined) {
        this.struck += 1;
        return planned ?? ofStep;
      }
    }
    return this.#strikes() ? CALL_FAULTS[this.#chance.whole(0, CALL_FAULTS.length - 1)] : undefined;
  }

  ofRun(functionName: string, _label: string, pipelineId: string): RunFault | undefined {
    if (!this.#on) return undefined;
    if (functionName === 'pipeline-lifecycle') {
      const planned = this.#runs.get(this.#next('run', pipelineId));
      if (planned !== undefined) {
        this.struck += 1;
        return planned;
      }
    }
    return this.#strikes() ? RUN_FAULTS[this.#chance.whole(0, RUN_FAULTS.length - 1)] : undefined;
  }

  #plan(fault: PlannedFault, pipelineId: string): void {
    if ('of' in fault) this.#calls.set(`call of ${fault.of}  ${fault.call}`, fault.fault);
    else if ('step' in fault)
      this.#calls.set(`call of ${fault.step} ${pipelineId} ${fault.call}`, fault.fault);
    else if ('call' in fault) this.#calls.set(`call ${pipelineId} ${fault.call}`, fault.fault);
    else this.#runs.set(`run ${pipelineId} ${fault.run}`, fault.fault);
  }

  #next(what: string, pipelineId: string): string {
    const key = `${what} ${pipelineId}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return `${key} ${count}`;
  }

  #strikes(): boolean {
    const storm = this.#storm;
    if (storm === undefined) return false;
    const nowMs = this.#nowMs();
    return nowMs >= storm.fromMs && nowMs < storm.untilMs && this.#chance.happens(storm.probability);
  }
}
