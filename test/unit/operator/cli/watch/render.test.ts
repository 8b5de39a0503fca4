import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderBurst } from '../../../../../operator/cli/watch/render.ts';
import { ended, progress, START_MS } from './progress.ts';

const lines = (...args: Parameters<typeof renderBurst>) => renderBurst(...args).split('\n');

describe('a burst’s bar', () => {
  it('says what it is, how far and how it goes', () => {
    expect(lines(progress(), 80, false)).toEqual([
      '⠋ customer-a  upload-7  sent                                   100 of 200   50 %',
      `${'█'.repeat(40)}${'▒'.repeat(16)}${'░'.repeat(24)}`,
      '0:42 of 1:02 (predicted 1:00) · 33/s · 40 running · peak 41 (predicted 40)',
    ]);
  });

  it('says what came of it once it has ended', () => {
    const [head, bar, facts] = lines(ended({ totals: { done: 198, deadLettered: 2 } }), 100, false);
    expect(head).toMatch(/^✗ customer-a {2}upload-7 {2}ended +200 of 200 {2}100 %$/);
    expect(bar).toBe(`${'█'.repeat(99)}▚`);
    expect(facts).toBe('took 1:01 (predicted 1:00) · 2 dead letters · peak 41 (predicted 40)');
  });

  it('tells tasks that are not sent from tasks that wait', () => {
    const [head, bar] = lines(progress({ state: 'Sending', totals: { sent: 150 } }), 80, false);
    expect(head).toContain('sending, 150 sent');
    expect(bar).toBe(`${'█'.repeat(40)}${'▒'.repeat(16)}${'░'.repeat(4)}${'·'.repeat(20)}`);
  });

  it('is full only when the last task is over', () => {
    const [, bar] = lines(progress({ totals: { done: 199, running: 0, sent: 199 } }), 80, false);
    expect(bar).toBe(`${'█'.repeat(79)}·`);
  });

  it.each([
    [
      'at the rate of late',
      { kind: 'expected', atMs: START_MS + 90_000, basis: 'rate' },
      '0:42 of 1:30 at this rate (',
    ],
    ['not, while it is paused', { kind: 'unknown', why: 'paused' }, '0:42, paused ('],
    ['not, while nothing runs', { kind: 'unknown', why: 'stalled' }, '0:42, tasks are due and none runs ('],
  ] as const)('says when it ends: %s', (_, eta, said) => {
    expect(lines(progress({ eta }), 120, false)[2]).toContain(said);
  });

  it('says of one that nobody counts only what is sent', () => {
    const one = progress({
      isCounted: false,
      eta: { kind: 'unknown', why: 'uncounted' },
      totals: { sent: 50, done: 0 },
    });
    expect(lines(one, 60, false)).toEqual([
      expect.stringContaining('50 of 200 sent'),
      `${'▒'.repeat(15)}${'·'.repeat(45)}`,
      '0:42, nobody counts its tasks (predicted 1:00)',
    ]);
  });

  it('turns while time goes by', () => {
    expect(lines(progress({ atMs: START_MS + 42_100 }), 80, false)[0]?.[0]).toBe('⠙');
  });

  it('has colours only where there are some', () => {
    expect(renderBurst(progress(), 80, false)).toBe(
      stripVTControlCharacters(renderBurst(progress(), 80, false)),
    );
    const coloured = renderBurst(progress(), 80, true);
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(renderBurst(progress(), 80, false));
  });

  it('never is wider than the terminal, nor its bar narrower', () => {
    const count = fc.nat(1_000);
    const totals = fc.record({
      total: count,
      sent: count,
      done: count,
      running: count,
      deadLettered: count,
      failed: count,
    });
    fc.assert(
      fc.property(
        totals,
        fc.integer({ min: 1, max: 200 }),
        fc.string({ unit: 'binary-ascii' }),
        (some, width, burstId) => {
          const [head = '', bar = '', facts = ''] = lines(
            progress({ totals: some, burstId: burstId.replace(/\n/g, '') }),
            width,
            false,
          );
          expect(head.length).toBeLessThanOrEqual(width);
          expect(bar).toHaveLength(width);
          expect(facts.length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
