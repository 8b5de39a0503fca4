import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { type Definition, taskStates } from './walk.ts';

/** The rules that every state machine keeps, whatever it does. */
export function keepsTheRulesOfEveryMachine(
  definition: Definition,
  maxDelaySeconds: number,
  functionSeconds: number,
): void {
  it('is valid Amazon States Language', () => {
    const validate = createRequire(import.meta.url)('asl-validator') as (d: object) => {
      isValid: boolean;
      errorsText(): string;
    };
    const result = validate(JSON.parse(JSON.stringify(definition)));
    expect(result.isValid ? '' : result.errorsText()).toBe('');
  });

  it('says of every state what it is for', () => {
    for (const [name, state] of Object.entries(definition.States))
      expect([name, state.Comment?.length ?? 0]).not.toEqual([name, 0]);
  });

  it('gives every Task a timeout longer than its function has, jittered and capped retries, and a Catch', () => {
    for (const [, state] of taskStates(definition)) {
      expect(state.TimeoutSeconds).toBeGreaterThan(functionSeconds);
      for (const retrier of state.Retry ?? []) {
        expect(retrier.JitterStrategy).toBe('FULL');
        expect(retrier.MaxDelaySeconds).toBeLessThanOrEqual(maxDelaySeconds);
      }
      expect(state.Retry).toHaveLength(2);
      expect(state.Catch).toHaveLength(1);
    }
  });
}
