import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ask } from './errors.ts';
import type { Account } from './ports.ts';

/**
 * What the account allows in this region.
 * IAM: lambda:GetAccountSettings on `*`.
 */
export function createAccount(client: LambdaClient): Account {
  return {
    read: () =>
      ask(
        'lambda:GetAccountSettings',
        client.send(new GetAccountSettingsCommand({})),
        ({ AccountLimit: limit = {}, AccountUsage: usage = {} }) => ({
          concurrency: limit.ConcurrentExecutions ?? 0,
          unreservedConcurrency: limit.UnreservedConcurrentExecutions ?? 0,
          codeBytesUsed: usage.TotalCodeSize ?? 0,
          codeBytesAllowed: limit.TotalCodeSize ?? 0,
        }),
      ),
  };
}
