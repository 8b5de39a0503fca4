import type { MappingSettings } from '../../core/lifecycle/differences.ts';
import type { MappingSpec } from '../../core/lifecycle/target.ts';
import type { Page } from './page.ts';
import type { Permit } from './permit.ts';

/** Event source mappings. All of it counts in Lambda's bucket and takes a permit. */
export interface Mappings {
  /** `exists`: the pair has one already, perhaps one that is being deleted. `notReady`: the function or role is not. */
  create(
    spec: MappingSpec,
    permit: Permit,
  ): Promise<
    | { readonly kind: 'created'; readonly mapping: MappingState }
    | { readonly kind: 'exists'; readonly id: string | undefined }
    | { readonly kind: 'notReady'; readonly reason: string }
  >;
  read(id: string, permit: Permit): Promise<MappingState | undefined>;
  /** The mapping between this function and queue, if there is one. */
  find(functionName: string, queueArn: string, permit: Permit): Promise<MappingState | undefined>;
  change(
    id: string,
    change: Partial<MappingSettings>,
    permit: Permit,
  ): Promise<{ readonly kind: 'done'; readonly mapping: MappingState } | { readonly kind: 'inUse' | 'gone' }>;
  delete(id: string, permit: Permit): Promise<'deleting' | 'gone' | 'inUse'>;
  /** All of the account and region, at most 100. */
  page(cursor: string | undefined, permit: Permit): Promise<Page<MappingState>>;
}

export interface MappingState extends MappingSettings {
  readonly id: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly state: 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';
}
