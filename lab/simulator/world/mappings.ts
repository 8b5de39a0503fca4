import type { MappingState, Mappings, Page } from '../../../aws/ports.ts';
import {
  MAPPING_BATCH_MAX_WITHOUT_WINDOW,
  MAPPING_CONCURRENCY_MAX,
  MAPPING_CONCURRENCY_MIN,
} from '../../../core/aws-limits.ts';
import type { MappingSettings } from '../../../core/lifecycle/differences.ts';
import type { MappingSpec } from '../../../core/lifecycle/target.ts';
import { refused } from './failures.ts';
import type { SimulatedFunctions } from './functions.ts';
import type { Laws } from './laws.ts';
import { queueNameOf } from './queue-state.ts';
import type { SimulatedQueues } from './queues.ts';
import type { Sync } from './sync.ts';

export interface SimulatedMapping {
  readonly id: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly queueName: string;
  state: MappingState['state'];
  /** What was asked for, and what a reader sees. */
  settings: MappingSettings;
  /** What the pollers go by: old settings hold until the change is over. */
  inForce: MappingSettings;
}

interface MappingParts extends Laws {
  readonly queues: SimulatedQueues;
  readonly functions: SimulatedFunctions;
}

/** Lambda's event source mappings, by their rules. */
export class SimulatedMappings implements Sync<Mappings> {
  readonly byId = new Map<string, SimulatedMapping>();
  /** By queue name: a queue has at most a few. */
  readonly byQueue = new Map<string, SimulatedMapping[]>();
  onChange: (mapping: SimulatedMapping) => void = () => {};
  readonly #parts: MappingParts;
  #ids = 0;

  constructor(parts: MappingParts) {
    this.#parts = parts;
  }

  create(spec: MappingSpec) {
    const existing = this.#pair(spec.functionName, spec.queueArn);
    if (existing) return { kind: 'exists', id: existing.id } as const;
    if (!this.#parts.functions.byName.has(spec.functionName)) {
      return { kind: 'notReady', reason: 'Function does not exist' } as const;
    }
    const queueName = queueNameOf(spec.queueArn);
    if (!this.#parts.queues.byName.has(queueName)) {
      return { kind: 'notReady', reason: 'The queue does not exist' } as const;
    }
    if (!this.#parts.functions.roleIsReady) {
      return { kind: 'notReady', reason: 'The role cannot receive from the queue' } as const;
    }
    const settings = checked(spec);
    const short = this.#shortVisibility(queueName, spec.functionName);
    if (short !== undefined) return { kind: 'notReady', reason: short } as const;
    this.#ids += 1;
    const mapping: SimulatedMapping = {
      id: `mapping-${this.#ids}`,
      functionName: spec.functionName,
      queueArn: spec.queueArn,
      queueName,
      state: 'Creating',
      settings,
      inForce: { ...settings, enabled: false },
    };
    this.byId.set(mapping.id, mapping);
    this.byQueue.set(queueName, [...(this.byQueue.get(queueName) ?? []), mapping]);
    this.#settle(mapping);
    return { kind: 'created', mapping: shown(mapping) } as const;
  }

  read(id: string): MappingState | undefined {
    const mapping = this.byId.get(id);
    return mapping && shown(mapping);
  }

  find(functionName: string, queueArn: string): MappingState | undefined {
    const mapping = this.#pair(functionName, queueArn);
    return mapping && shown(mapping);
  }

  change(id: string, change: Partial<MappingSettings>) {
    const mapping = this.byId.get(id);
    if (mapping === undefined) return { kind: 'gone' } as const;
    if (isInUse(mapping)) return { kind: 'inUse' } as const;
    const settings = checked({ ...mapping.settings, ...change });
    const short = this.#shortVisibility(mapping.queueName, mapping.functionName);
    if (short !== undefined)
      throw refused('lambda:UpdateEventSourceMapping', 'InvalidParameterValueException', short);
    const { enabled } = mapping.settings;
    mapping.settings = settings;
    mapping.state = settings.enabled === enabled ? 'Updating' : settings.enabled ? 'Enabling' : 'Disabling';
    this.#settle(mapping);
    return { kind: 'done', mapping: shown(mapping) } as const;
  }

  delete(id: string): 'deleting' | 'gone' | 'inUse' {
    const mapping = this.byId.get(id);
    if (mapping === undefined) return 'gone';
    if (isInUse(mapping)) return 'inUse';
    mapping.state = 'Deleting';
    this.#parts.clock.after(this.#parts.chance.between(...this.#parts.nature.mappingDeleteMs), () => {
      this.byId.delete(id);
      const others = (this.byQueue.get(mapping.queueName) ?? []).filter((other) => other !== mapping);
      this.byQueue.set(mapping.queueName, others);
      mapping.inForce = { ...mapping.inForce, enabled: false };
      this.onChange(mapping);
    });
    return 'deleting';
  }

  page(cursor: string | undefined): Page<MappingState> {
    const from = cursor === undefined ? 0 : Number(cursor);
    const all = [...this.byId.values()];
    const items = all.slice(from, from + 100).map(shown);
    return { items, ...(from + 100 < all.length ? { cursor: String(from + 100) } : {}) };
  }

  #pair(functionName: string, queueArn: string): SimulatedMapping | undefined {
    const all = this.byQueue.get(queueNameOf(queueArn)) ?? [];
    return all.find((mapping) => mapping.functionName === functionName);
  }

  #settle(mapping: SimulatedMapping): void {
    this.#parts.clock.after(this.#parts.chance.between(...this.#parts.nature.mappingMs), () => {
      mapping.state = mapping.settings.enabled ? 'Enabled' : 'Disabled';
      mapping.inForce = mapping.settings;
      this.onChange(mapping);
    });
  }

  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  #shortVisibility(queueName: string, functionName: string): string | undefined {
    const visibility = this.#parts.queues.byName.get(queueName)?.visibilityTimeoutSeconds.wanted;
    const timeout = this.#parts.functions.byName.get(functionName)?.settings.timeoutSeconds;
    if (visibility === undefined || timeout === undefined || visibility >= timeout) return undefined;
    return `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`;
  }
}

function isInUse(mapping: SimulatedMapping): boolean {
  return mapping.state !== 'Enabled' && mapping.state !== 'Disabled';
}

function checked(settings: MappingSettings): MappingSettings {
  const { enabled, maximumConcurrency, batchSize, batchWindowSeconds, partialFailures } = settings;
  const within =
    maximumConcurrency >= MAPPING_CONCURRENCY_MIN && maximumConcurrency <= MAPPING_CONCURRENCY_MAX;
  if (!within)
    throw refused(
      'lambda:EventSourceMapping',
      'InvalidParameterValueException',
      `MaximumConcurrency ${maximumConcurrency}`,
    );
  if (batchSize > MAPPING_BATCH_MAX_WITHOUT_WINDOW && batchWindowSeconds < 1) {
    throw refused(
      'lambda:EventSourceMapping',
      'InvalidParameterValueException',
      `a batch of ${batchSize} needs a batching window`,
    );
  }
  return { enabled, maximumConcurrency, batchSize, batchWindowSeconds, partialFailures };
}

function shown(mapping: SimulatedMapping): MappingState {
  const { id, functionName, queueArn, state, settings } = mapping;
  // Lambda has no field that says whether a mapping is on: its state says it, or where it is going.
  const enabled = state !== 'Deleting' && settings.enabled;
  return { ...settings, enabled, id, functionName, queueArn, state };
}
