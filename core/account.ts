/** What the stage knows of its account; read by the reconciler, one fact in the ledgers table. */
export interface AccountFact {
  readonly concurrency: number;
  readonly unreservedConcurrency: number;
  readonly codeBytesUsed: number;
  readonly codeBytesAllowed: number;
  /** Concurrency that all pipelines of the stage may use together; known after a whole round. */
  readonly committedConcurrency?: number;
}

export const ACCOUNT_FACT = 'account';

/** Lambda keeps 100 units of an account unreserved: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const MUST_STAY_UNRESERVED = 100;

/** Whether one more unit of concurrency can be reserved. */
export function hasRoomToReserve(account: Pick<AccountFact, 'unreservedConcurrency'>): boolean {
  return account.unreservedConcurrency > MUST_STAY_UNRESERVED;
}

/** The account as it is known once a reservation was refused. */
export function withoutRoom<A extends Pick<AccountFact, 'unreservedConcurrency'>>(account: A): A {
  return {
    ...account,
    unreservedConcurrency: Math.min(account.unreservedConcurrency, MUST_STAY_UNRESERVED),
  };
}

/** By how much the pipelines' concurrency together exceeds what the account can run; undefined if it does not. */
export function overcommittedBy(account: AccountFact | undefined): number | undefined {
  const excess = (account?.committedConcurrency ?? 0) - (account?.concurrency ?? 0);
  return account !== undefined && excess > 0 ? excess : undefined;
}
