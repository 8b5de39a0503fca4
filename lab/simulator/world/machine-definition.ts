import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string;
  readonly Next: string;
}

export interface Rule {
  readonly And?: readonly Rule[];
  readonly Or?: readonly Rule[];
  readonly Not?: Rule;
  readonly Variable?: string;
  readonly StringEquals?: string;
  readonly BooleanEquals?: boolean;
  readonly NumericEquals?: number;
  readonly NumericGreaterThan?: number;
  readonly IsPresent?: boolean;
  readonly Next?: string;
}

export interface State {
  readonly Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';
  readonly Next?: string;
  readonly End?: boolean;
  readonly Parameters?: unknown;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly Rule[];
  readonly Default?: string;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly TimestampPath?: string;
  readonly Result?: unknown;
  readonly Error?: string;
  readonly Cause?: string;
}

export interface MachineDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

/** Fields that this interpreter understands; any other would be passed over in silence. */
const UNDERSTOOD = new Set(
  'Type Comment Next End Resource Parameters ResultPath TimeoutSeconds Retry Catch Choices Default Seconds SecondsPath TimestampPath Result Error Cause'.split(
    ' ',
  ),
);

/** Reads a state machine as it is deployed. */
export function readMachine(path: string): MachineDefinition {
  const definition = parse(readFileSync(path, 'utf8'), { merge: true }) as MachineDefinition;
  for (const [name, state] of Object.entries(definition.States)) {
    const strange = Object.keys(state).find((field) => !UNDERSTOOD.has(field));
    if (strange !== undefined)
      throw new Error(`${path}: ${name}.${strange} is not understood by the simulator`);
  }
  return definition;
}
