import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  admit,
  admittedVersion,
  EMPTY_LINE,
  finish,
  positionOf,
  type ReleaseLine,
  releaseFact,
  rollBack,
  stop,
  widen,
} from '../../../../core/release/line.ts';

describe('a line', () => {
  it('has nothing to do with a release that is not its own', () => {
    const line: ReleaseLine = {
      stable: 'v2',
      former: 'v1',
      next: { version: 'v3', reach: 1, canaries: true },
      kept: [],
    };
    for (const version of ['v1', 'v4']) {
      expect(widen(line, version, { reach: 1, canaries: true })).toBeUndefined();
      expect(finish(line, version)).toBeUndefined();
      expect(rollBack(line, version)).toBeUndefined();
      expect(stop(line, version)).toBeUndefined();
    }
    expect(admittedVersion(EMPTY_LINE, { pipelineId: 'a', canary: true, version: 'v9' })).toBeUndefined();
  });

  it('has a fact of its own for each code key', () => {
    expect(releaseFact('team/a.zip')).toBe('release#team/a.zip');
  });
});

describe('who has a superseded release', () => {
  const begun = widen(admit({ stable: 'v1', kept: [] }, 'v2'), 'v2', { reach: 0.5, canaries: true });
  const line = admit(begun as ReleaseLine, 'v3');
  const follower = { pipelineId: 'a', canary: false, version: 'v2' };

  it('keeps it until the next one comes by, and straight away gets that one', () => {
    expect(admittedVersion(line, follower)).toBe('v2');
    const reached = widen(line, 'v3', { reach: 1, canaries: true }) as ReleaseLine;
    expect(admittedVersion(reached, follower)).toBe('v3');
  });

  it('keeps it, too, while it is begun once more', () => {
    expect(admittedVersion(admit(line, 'v2'), follower)).toBe('v2');
    expect(admittedVersion(admit(admit(line, 'v2'), 'v4'), follower)).toBe('v2');
  });

  it('goes back where that is found bad all the same, and the one on its way goes on', () => {
    const back = rollBack(line, 'v2');
    expect(back).toEqual({ ...line, kept: [] });
    expect(admittedVersion(back as ReleaseLine, follower)).toBe('v1');
  });

  it('is nobody where it had reached nobody: then it is not kept', () => {
    expect(admit(admit({ stable: 'v1', kept: [] }, 'v2'), 'v3').kept).toEqual([]);
  });

  it('goes back to the stable one after 20 more', () => {
    const superseded = (count: number) =>
      Array.from({ length: count }, (_, index) => `w${index}`).reduce(
        (on, version) => widen(admit(on, version), version, { reach: 0.1, canaries: true }) as ReleaseLine,
        line,
      );
    // The first of them supersedes v3, which has reached nobody.
    expect(admittedVersion(superseded(20), { ...follower, pipelineId: farFromAll(20) })).toBe('v2');
    expect(admittedVersion(superseded(21), { ...follower, pipelineId: farFromAll(21) })).toBe('v1');
  });

  function farFromAll(count: number): string {
    const isFar = (id: string) => positionOf(id, `w${count - 1}`) > 0.1;
    return ['a', 'b', 'c', 'd', 'e', 'f'].find(isFar) as string;
  }

  it('keeps a release on its way when its canary mark is taken away', () => {
    const canaries = widen(admit({ stable: 'v1', kept: [] }, 'v2'), 'v2', { reach: 0, canaries: true });
    const marked = { pipelineId: 'a', canary: true, version: 'v1' };
    expect(admittedVersion(canaries as ReleaseLine, marked)).toBe('v2');
    expect(admittedVersion(canaries as ReleaseLine, { ...marked, canary: false })).toBe('v1');
    const moved = { ...marked, canary: false, version: 'v2' };
    expect(admittedVersion(canaries as ReleaseLine, moved)).toBe('v2');
  });
});

describe('who has a release that was stopped', () => {
  const begun = widen(admit({ stable: 'v1', former: 'v0', kept: ['v9'] }, 'v2'), 'v2', {
    reach: 0.5,
    canaries: true,
  });
  const stopped = stop(begun as ReleaseLine, 'v2') as ReleaseLine;
  const follower = { pipelineId: 'a', canary: true, version: 'v2' };

  it('keeps it, and nobody else gets it', () => {
    expect(stopped).toEqual({ stable: 'v1', former: 'v0', kept: ['v9', 'v2'] });
    expect(admittedVersion(stopped, follower)).toBe('v2');
    expect(admittedVersion(stopped, { ...follower, version: 'v9' })).toBe('v9');
    expect(admittedVersion(stopped, { ...follower, version: 'v1' })).toBe('v1');
    expect(admittedVersion(stopped, { ...follower, version: undefined })).toBe('v1');
  });

  it('gets the next one when that comes by, and may go back by hand before', () => {
    const next = widen(admit(stopped, 'v3'), 'v3', { reach: 1, canaries: true }) as ReleaseLine;
    expect(admittedVersion(next, follower)).toBe('v3');
    expect(admittedVersion(rollBack(stopped, 'v2') as ReleaseLine, follower)).toBe('v1');
  });

  it('keeps it once where it is begun and stopped once more', () => {
    const again = stop(admit(stopped, 'v2'), 'v2');
    expect(again).toEqual(stopped);
    expect(stop(stopped, 'v2')).toBeUndefined();
  });
});

describe('positions', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `customer-${index}`);
  const firstPercent = (version: string) => ids.filter((id) => positionOf(id, version) < 0.01);

  it('are uniform: 1 % of 10,000 is 100, a tenth 1,000, within four standard deviations', () => {
    for (const version of ['v1', 'v2', '3sL4kqtJlcpXroDTDmJ']) {
      expect(Math.abs(firstPercent(version).length - 100)).toBeLessThanOrEqual(40);
      const tenths = Array.from({ length: 10 }, () => 0);
      for (const id of ids) {
        const tenth = Math.floor(positionOf(id, version) * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThanOrEqual(120);
    }
  });

  it('are in [0, 1)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, version) => {
        const position = positionOf(id, version);
        expect(position >= 0 && position < 1).toBe(true);
      }),
    );
  });

  it('are of another order for each release, so that not always the same go first', () => {
    const first = new Set(firstPercent('v1'));
    expect(firstPercent('v2').filter((id) => first.has(id)).length).toBeLessThanOrEqual(6);
  });

  // A rollout that is under way when Sluice is deployed anew goes on in the same order.
  it('never change', () => {
    expect(positionOf('customer-1', 'v1')).toBe(0.5308274304576273);
    expect(positionOf('customer-2', 'v1')).toBe(0.7341902711182762);
  });
});
