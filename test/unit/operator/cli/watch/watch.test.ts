import { describe, expect, it } from '@jest/globals';
import type { BurstProgress } from '../../../../../core/burst/progress.ts';
import { type BurstRecord, NOTHING_SENT } from '../../../../../core/burst/record.ts';
import { EXIT } from '../../../../../operator/cli/exit-codes.ts';
import { jsonScreen, lineScreen, type Screen } from '../../../../../operator/cli/watch/screens.ts';
import { type WatchPorts, watch } from '../../../../../operator/cli/watch/watch.ts';
import { BEGIN_MS, burst } from '../../../core/burst/bursts.ts';

const TOTALS = { total: 100, sent: 100, refused: 0, started: 100, running: 0, failed: 0, unaccounted: 0 };
const done = (burstId: string, deadLettered = 0): BurstRecord =>
  burst({
    burstId,
    state: 'Ended',
    endedAtMs: BEGIN_MS + 99_000,
    peakConcurrency: 3,
    totals: { ...TOTALS, done: 100 - deadLettered, deadLettered },
  });

/** A table in which each read of a burst finds the next of these records. */
function ports(records: Readonly<Record<string, readonly BurstRecord[]>>): WatchPorts {
  const reads = new Map<string, number>();
  return {
    clock: { nowMs: () => BEGIN_MS + 50_000 },
    bursts: {
      read: async (burstId) => {
        const at = reads.get(burstId) ?? 0;
        reads.set(burstId, at + 1);
        return records[burstId]?.[at] ?? records[burstId]?.at(-1);
      },
      readSent: async () => NOTHING_SENT,
      readShards: async () => new Map(),
      open: async () => Object.values(records).flatMap(([first]) => first ?? []),
    },
  };
}

function silent(): Screen & { readonly shown: BurstProgress[][] } {
  const shown: BurstProgress[][] = [];
  return { shown, show: (bursts) => shown.push([...bursts]), end: () => {}, close: async () => {} };
}

const never = new AbortController().signal;

describe('watch', () => {
  it('shows a burst until it has ended, and ends well where all of it is done', async () => {
    const screen = silent();
    const world = ports({ a: [burst({ burstId: 'a' }), burst({ burstId: 'a' }), done('a')] });
    expect(await watch(world, 'a', screen, never, 1)).toBe(EXIT.well);
    expect(screen.shown.map(([one]) => one?.state)).toEqual(['Sent', 'Sent', 'Ended']);
  });

  it('does not end well where tasks became dead letters', async () => {
    expect(await watch(ports({ a: [done('a', 2)] }), 'a', silent(), never, 1)).toBe(EXIT.notWell);
  });

  it('says that there is no such burst', async () => {
    const fault = { exitCode: EXIT.unknown, message: expect.stringContaining('there is no burst a') };
    await expect(watch(ports({}), 'a', silent(), never, 1)).rejects.toMatchObject(fault);
  });

  it('without an id shows all that are open, the oldest first, until the last has ended', async () => {
    const screen = silent();
    const world = ports({
      late: [burst({ burstId: 'late', createdAtMs: BEGIN_MS + 1 }), done('late')],
      early: [burst({ burstId: 'early' }), burst({ burstId: 'early' }), done('early')],
      over: [done('over')],
    });
    expect(await watch(world, undefined, screen, never, 1)).toBe(EXIT.well);
    expect(screen.shown.map((all) => all.map(({ burstId, state }) => `${burstId} ${state}`))).toEqual([
      ['early Sent', 'late Sent'],
      ['early Sent', 'late Ended'],
      ['early Ended', 'late Ended'],
    ]);
  });

  it('ends at once where no burst is open', async () => {
    expect(await watch(ports({}), undefined, silent(), never, 1)).toBe(EXIT.well);
  });

  it('ends where somebody interrupts it', async () => {
    const world = ports({ a: [burst({ burstId: 'a' })] });
    expect(await watch(world, 'a', silent(), AbortSignal.abort(), 60_000)).toBe(EXIT.interrupted);
  });
});

describe('where a watch is shown', () => {
  const collect = () => {
    const lines: string[] = [];
    return { lines, write: (text: string) => lines.push(text) > 0 };
  };

  it('in a file: a line whenever something has changed, and the totals among the results', async () => {
    const [talk, results] = [collect(), collect()];
    const world = ports({ a: [burst({ burstId: 'a' }), burst({ burstId: 'a' }), done('a', 1)] });
    await watch(world, 'a', lineScreen(talk, results), never, 1);
    expect(talk.lines).toHaveLength(1);
    expect(talk.lines[0]).toMatch(/^p a: 0 of 100 done · 0:50/);
    expect(results.lines).toEqual([
      'p a: 99 of 100 done, 1 dead letter, took 1:39 (predicted 1:40), peak 3 (predicted 3)\n',
    ]);
  });

  it('for programs: a line of JSON for each reading, the last of which says whether it ended well', async () => {
    const out = collect();
    const world = ports({ a: [burst({ burstId: 'a' }), done('a')] });
    await watch(world, 'a', jsonScreen(out), never, 1);
    const said = out.lines.map((line) => JSON.parse(line));
    expect(said).toEqual([
      expect.objectContaining({
        burstId: 'a',
        state: 'Sent',
        totals: expect.objectContaining({ total: 100 }),
      }),
      expect.objectContaining({ burstId: 'a', state: 'Ended', endedWell: true }),
    ]);
    expect(said[0]).not.toHaveProperty('endedWell');
  });
});
