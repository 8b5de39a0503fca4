import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  admit,
  admittedVersion,
  finish,
  positionOf,
  type ReleaseLine,
  reaches,
  releaseLineSchema,
  rollBack,
  stop,
  versionsOf,
  widen,
} from '../../../../core/release/line.ts';
import { happenings, versions, worldAfter, worlds } from './line-worlds.ts';

describe('a line', () => {
  it('never hands a release that was rolled back, superseded or stopped to somebody who has not got it', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        for (const { line, followers, withdrawn } of worlds(all)) {
          for (const follower of followers) {
            const answer = admittedVersion(line, follower);
            if (answer !== follower.version) expect(withdrawn).not.toContain(answer);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lists every release that it may answer with, and nothing twice among those kept', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, odd) => {
        const { line, followers } = worldAfter(all);
        for (const follower of [...followers, { pipelineId: 'new', canary: false, version: odd }]) {
          const answer = admittedVersion(line, follower);
          if (answer !== undefined) expect(versionsOf(line)).toContain(answer);
        }
        expect(new Set(line.kept).size).toBe(line.kept.length);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no release from anybody by admitting another one, nor by reaching others', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, version) => {
        const { line, followers } = worldAfter(all);
        if (version === line.stable || version === line.former) return;
        const begun = line.next && (line.next.reach > 0 || line.next.canaries) ? [line.next.version] : [];
        const others = [...line.kept, ...begun, line.stable];
        const then = admit(line, version);
        const wider = widen(then, version, { reach: 0.5, canaries: false }) as ReleaseLine;
        for (const follower of followers) {
          if (admittedVersion(line, follower) !== follower.version) continue;
          // One that it still has from a release long over is not its to keep.
          if (!others.includes(follower.version)) continue;
          expect(admittedVersion(then, follower)).toBe(follower.version);
          if (positionOf(follower.pipelineId, version) < 0.5) continue;
          expect(admittedVersion(wider, follower)).toBe(follower.version);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reaches whom it has reached, and more, when it is widened', () => {
    const reach = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(happenings, reach, fc.boolean(), (all, to, canaries) => {
        const { line, followers } = worldAfter(all);
        if (line.next === undefined) return;
        const wider = widen(line, line.next.version, { reach: to, canaries });
        for (const follower of followers) {
          const positions = { ...follower, version: undefined };
          const isIn =
            positionOf(follower.pipelineId, line.next.version) < to || (canaries && follower.canary);
          if (!reaches(line.next, positions) && !isIn) continue;
          expect(admittedVersion(wider as ReleaseLine, follower)).toBe(line.next.version);
        }
      }),
    );
  });

  it('gives everybody the release that went all the way, whatever they had', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, version) => {
        const { line, followers } = worldAfter(all);
        const widened = widen(admit(line, version), version, { reach: 1, canaries: true }) as ReleaseLine;
        const done = finish(widened, version) as ReleaseLine;
        for (const follower of followers) {
          expect(admittedVersion(widened, follower)).toBe(version);
          expect(admittedVersion(done, follower)).toBe(version);
        }
        expect(done).toMatchObject({ stable: version, kept: [] });
        expect(done.former).not.toBe(version);
      }),
    );
  });

  it('takes no release from anybody, and gives none to anybody, by stopping', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { line, followers } = worldAfter(all);
        if (line.next === undefined) return;
        const { version } = line.next;
        const stopped = stop(line, version) as ReleaseLine;
        for (const follower of followers) {
          const before = admittedVersion(line, follower);
          const reached = before === version && follower.version !== version;
          const kept = line.kept.includes(follower.version ?? 'none') ? follower.version : line.stable;
          // Who was reached, but never given it, has what it would have without it.
          expect(admittedVersion(stopped, follower)).toBe(reached ? kept : before);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives everybody the stable release once the one on its way is rolled back', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { line, followers } = worldAfter(all);
        if (line.next === undefined) return;
        const back = rollBack(line, line.next.version);
        // A first release has nothing to go back to.
        expect(back === undefined).toBe(line.stable === undefined);
        for (const follower of back ? followers : []) {
          expect(admittedVersion(back as ReleaseLine, follower)).toBe(line.stable);
        }
      }),
    );
  });

  it('gives nobody a stable release that was rolled back, and lets the one on its way go on', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { line, followers } = worldAfter(all);
        const { stable = 'none' } = line;
        if (line.next?.version === stable) return;
        const back = rollBack(line, stable);
        expect(back === undefined).toBe(line.former === undefined);
        if (back === undefined) return;
        expect([back.stable, back.former, back.next]).toEqual([line.former, undefined, line.next]);
        for (const follower of followers) expect(admittedVersion(back, follower)).not.toBe(stable);
      }),
    );
  });

  it('is the same however often a release is admitted, widened or finished', () => {
    fc.assert(
      fc.property(happenings, versions(), (all, version) => {
        const { line } = worldAfter(all);
        const once = admit(line, version);
        expect(admit(once, version)).toBe(once);
        const wave = { reach: 0.3, canaries: true };
        const wider = widen(once, version, wave) as ReleaseLine;
        expect(widen(wider, version, wave)).toEqual(wider);
        const done = finish(wider, version) as ReleaseLine;
        expect(finish(done, version)).toBe(done);
        // As it is stored.
        expect(releaseLineSchema.parse(JSON.parse(JSON.stringify(wider)))).toEqual(wider);
      }),
    );
  });
});
