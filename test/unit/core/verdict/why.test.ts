import { describe, expect, it } from '@jest/globals';
import { VERDICT_KINDS, VERDICT_NAMES } from '../../../../core/verdict/kinds.ts';
import { type Facts, whyWaiting } from '../../../../core/verdict/why.ts';
import { wordsOf } from '../../../../core/verdict/words.ts';
import { examples } from './examples.ts';
import { account, changing, counts, later, NOW, open, status } from './facts.ts';

describe('why a group waits', () => {
  it.each(examples)('%s', (_, facts, says) => {
    expect(wordsOf(whyWaiting({ nowMs: NOW, ...facts }), NOW).says).toBe(says);
  });

  it.each(examples)('%s: in a sentence that begins with its name', (_, facts) => {
    const verdict = whyWaiting({ nowMs: NOW, ...facts });
    expect(wordsOf(verdict, NOW).says.startsWith(VERDICT_NAMES[verdict.kind])).toBe(true);
  });

  it('has an example of every verdict', () => {
    const kinds = examples.map(([, facts]) => whyWaiting({ nowMs: NOW, ...facts }).kind);
    expect(new Set(kinds)).toEqual(new Set(VERDICT_KINDS));
  });

  it('says the first that holds', () => {
    // Whatever its queue and its account say, what a person has wished comes first.
    const busy = {
      counts: counts(9),
      account,
      accountRunning: 1_000,
      mapping: 'off' as const,
      oldestSeconds: 600,
    };
    expect(whyWaiting({ nowMs: NOW, ...busy, status: status({}, { paused: true }) }).kind).toBe('paused');
    expect(whyWaiting({ nowMs: NOW, ...busy, status: status() }).kind).toBe('switchedOff');
    expect(whyWaiting({ nowMs: NOW, ...busy, mapping: 'on', status: status() }).kind).toBe('accountFull');
    const freed = { ...busy, accountRunning: 1, mapping: 'on' as const };
    expect(whyWaiting({ nowMs: NOW, ...freed, status: status() }).kind).toBe('stuck');
  });

  it('names the field that would change it', () => {
    const remedyOf = (facts: Omit<Facts, 'nowMs'>) =>
      wordsOf(whyWaiting({ nowMs: NOW, ...facts }), NOW).remedy;
    expect(remedyOf({ status: status({}, { paused: true }) })?.field).toBe('paused');
    expect(remedyOf({ status: status({}, { concurrency: 1 }), counts: counts(9, 1) })?.field).toBe(
      'concurrency',
    );
    expect(remedyOf({ status: status(), counts: counts(0) })).toBeUndefined();
    const unresolved = { atMs: NOW, variables: ['KEY'] };
    expect(remedyOf({ status: status(), counts: counts(0, 1), unresolved })?.field).toBe('environment.KEY');
  });

  it('says what mends a record, which is not always a change of it', () => {
    const remedyOf = (code: string, path: string) => {
      const rejected = status({ phase: 'Rejected', error: { code, message: 'no', path, at: '' } });
      return wordsOf(whyWaiting({ nowMs: NOW, status: rejected }), NOW).remedy;
    };
    expect(remedyOf('Missing', 'codeKey')).toEqual({
      field: 'codeKey',
      action: 'push its code, or correct the record',
    });
    expect(remedyOf('AccountLimit', 'concurrency')?.action).toContain('raise the account’s limit');
    expect(remedyOf('OutOfRange', 'concurrency')?.action).toBe('correct the record');
  });

  it('tells of a purge as long as SQS may still count what is gone, and counts something', () => {
    const why = (purgedAtMs: number, visible: number) =>
      whyWaiting({ nowMs: NOW, status: status(), counts: counts(visible), purgedAtMs }).kind;
    expect(why(later(-59), 3)).toBe('purging');
    expect(why(later(-60), 3)).toBe('working');
    expect(why(later(-5), 0)).toBe('idle');
  });

  it('tells of a change only where nothing runs, and nothing else holds it', () => {
    const why = (facts: Omit<Facts, 'nowMs' | 'status'>) =>
      whyWaiting({ nowMs: NOW, status: changing('update'), ...facts }).kind;
    expect(why({ counts: counts(9, 1) })).toBe('working');
    expect(why({ counts: counts(0) })).toBe('idle');
    const hold = { sinceMs: NOW, untilMs: later(9), cause: 'throttled' as const, guesses: 0 };
    expect(why({ counts: counts(9), group: { hold } })).toBe('held');
  });

  it('does not mind a hold that is over, nor a breaker that the record has no more', () => {
    const hold = { sinceMs: later(-60), untilMs: NOW, cause: 'throttled' as const, guesses: 0 };
    expect(
      whyWaiting({ nowMs: NOW, status: status(), group: { hold, breaker: open }, counts: counts(0) }).kind,
    ).toBe('idle');
  });

  it('takes no mapping that rests, is held or is being changed for switched off by hand', () => {
    const lease = { owner: 'x', untilMs: later(60), busyUntilMs: later(60), pending: false };
    for (const change of [{ resting: true }, { hold: { cause: 'throttled' as const } }, { lease }]) {
      const why = whyWaiting({ nowMs: NOW, status: status(change), mapping: 'off', counts: counts(0) });
      expect(why.kind).toBe('idle');
    }
  });
});
