import { readFileSync } from 'node:fs';
import { StateMachine } from 'aws-local-stepfunctions';
import { parse } from 'yaml';

/** A state machine's definition as its file says it, with a made-up function behind every Task. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly TimeoutSeconds?: number;
  readonly SecondsPath?: string;
  readonly TimestampPath?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly JitterStrategy?: string;
  readonly MaxDelaySeconds?: number;
}

export function loadDefinition(file: string): Definition {
  const text = readFileSync(new URL(`../../statemachines/${file}`, import.meta.url), 'utf8');
  return parse(text, pretendFunction) as Definition;
}

/** The states that call a function, by name. */
export function taskStates(definition: Definition): readonly (readonly [string, State])[] {
  return Object.entries(definition.States).filter(([, state]) => state.Type === 'Task');
}

function pretendFunction(_key: unknown, value: unknown): unknown {
  const isReference = typeof value === 'object' && value !== null && 'Fn::GetAtt' in value;
  return isReference ? 'arn:aws:lambda:us-east-1:123456789012:function:step' : value;
}

/** What a Task answers, call by call; an Error is thrown. The last one is repeated. */
export type Answers = Readonly<Record<string, readonly (object | Error)[]>>;

export interface Walk {
  /** `State` for an entry, `State!Error` for a retry of that error class's retrier, in order. */
  readonly visited: readonly string[];
  /** `From>To` for every transition, `From~0` for every use of the first retrier, and so on. */
  readonly edges: readonly string[];
  readonly failed?: string;
}

/** An error as Step Functions names it. */
export function named(name: string, message = 'made up'): Error {
  return Object.assign(new Error(message), { name });
}

/** Runs a definition with an interpreter of the Amazon States Language, without waiting. */
export async function walk(definition: Definition, input: object, answers: Answers): Promise<Walk> {
  const tasks = taskStates(definition);
  const waits = Object.entries(definition.States).filter(([, state]) => state.Type === 'Wait');
  const calls: Record<string, number> = {};
  const answer = (name: string) => {
    const list = answers[name] ?? [];
    const call = calls[name] ?? 0;
    calls[name] = call + 1;
    const given = list[Math.min(call, list.length - 1)];
    if (given === undefined) throw named('Unexpected', `nothing is said of ${name}`);
    if (given instanceof Error) throw given;
    return { ...input, ...given };
  };
  // That it is valid is a test of its own: here it would be asked again for each way through it.
  const machine = new StateMachine(definition as never, { validationOptions: { noValidate: true } });
  const { result, eventLogs } = machine.run(input as never, {
    context: { Execution: { Name: 'walk' } } as never,
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        tasks.map(([name]) => [name, () => answer(name) as never]),
      ),
      waitTimeOverrides: Object.fromEntries(waits.map(([name]) => [name, 0])),
      retryIntervalOverrides: Object.fromEntries(
        tasks.map(([name, state]) => [name, (state.Retry ?? []).map(() => 0)]),
      ),
    },
  });
  const outcome = result.then(
    () => undefined,
    (error: unknown) => String(error),
  );

  const visited: string[] = [];
  const edges: string[] = [];
  let before: string | undefined;
  for await (const event of eventLogs) {
    if (event.type === 'StateEntered') {
      if (before !== undefined) edges.push(`${before}>${event.state.name}`);
      visited.push(event.state.name);
      before = event.state.name;
    }
    if (event.type === 'StateRetried') {
      const retriers = definition.States[event.state.name]?.Retry ?? [];
      const used = JSON.stringify(event.retry.retrier.ErrorEquals);
      edges.push(
        `${event.state.name}~${retriers.findIndex((one) => JSON.stringify(one.ErrorEquals) === used)}`,
      );
    }
  }
  const failed = await outcome;
  return { visited, edges, ...(failed === undefined ? {} : { failed }) };
}

/** Every transition and every retrier that a definition has. */
export function allEdges(definition: Definition): Set<string> {
  const edges = new Set<string>();
  for (const [name, state] of Object.entries(definition.States)) {
    const nexts = [
      state.Next,
      state.Default,
      ...(state.Choices ?? []).map((one) => one.Next),
      ...(state.Catch ?? []).map((one) => one.Next),
    ];
    for (const next of nexts) if (next !== undefined) edges.add(`${name}>${next}`);
    for (const index of (state.Retry ?? []).keys()) edges.add(`${name}~${index}`);
  }
  return edges;
}
