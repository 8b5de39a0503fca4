/** A task whose body is not JSON. Says nothing of the body: it may be anything. */
export class UnreadableTaskError extends Error {
  override readonly name = 'UnreadableTaskError';
  readonly code = 'UnreadableTask';
  readonly messageId: string;

  constructor(messageId: string, bytes: number) {
    super(
      `the body of message ${messageId} must be JSON, got ${bytes} bytes that are not — it goes to the dead-letter queue; send tasks as JSON`,
    );
    this.messageId = messageId;
  }
}

/** A call that was not made by a queue's event source mapping. */
export class NotTasksError extends Error {
  override readonly name = 'NotTasksError';
  readonly code = 'NotTasks';

  constructor(given: string) {
    super(
      `the event must be one of SQS, {"Records": [{"messageId": …, "body": …}]}, got ${given} — send tasks to the pipeline's queue instead of invoking its consumer`,
    );
  }
}

/** References of the environment that have no value. Nothing was consumed; the next call tries again. */
export class UnresolvedReferenceError extends Error {
  override readonly name = 'UnresolvedReferenceError';
  readonly code = 'UnresolvedReference';
  readonly variables: readonly string[];

  constructor(
    failures: readonly { readonly variable: string; readonly given: string; readonly reason: string }[],
  ) {
    super(
      failures
        .map(
          ({ variable, given, reason }) =>
            `environment.${variable} must be resolvable, got ${given}: ${reason}`,
        )
        .join('; ')
        .concat(' — check that it exists and that the consumers’ role may read it'),
    );
    this.variables = failures.map(({ variable }) => variable);
  }
}
