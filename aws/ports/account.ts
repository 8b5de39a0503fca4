import type { Permit } from './permit.ts';

export interface Account {
  /** GetAccountSettings. */
  read(permit: Permit): Promise<AccountLimits>;
}

export interface AccountLimits {
  readonly concurrency: number;
  readonly unreservedConcurrency: number;
  readonly codeBytesUsed: number;
  readonly codeBytesAllowed: number;
}
