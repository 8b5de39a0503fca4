import { describe, expect, it } from '@jest/globals';
import { EVENT_FIELD, readTold } from '../../../../core/events/event-line.ts';

const around = { level: 'INFO', timestamp: '2026-11-21T16:00:00.250Z', service: 'sluice', stage: 'dev' };
const SAID = Date.parse(around.timestamp);

describe('a line of a function', () => {
  it('tells of the event that it has published', () => {
    const line = { ...around, message: 'Burst ended', [EVENT_FIELD]: { pipelineId: 'a', burstId: 'b' } };
    expect(readTold(line, 7)).toEqual({
      atMs: SAID,
      what: 'Burst ended',
      pipelineId: 'a',
      detail: { pipelineId: 'a', burstId: 'b' },
    });
  });

  it('tells of itself where it is of no event', () => {
    expect(readTold({ ...around, message: 'tick', seen: 3 }, 7)).toEqual({
      atMs: SAID,
      what: 'tick',
      detail: { seen: 3 },
    });
  });

  it('is as old as its log group says where it does not say it', () => {
    expect(readTold({ message: 'tick', timestamp: 'yesterday' }, 7)?.atMs).toBe(7);
  });

  it('tells nothing without a message', () => {
    expect(readTold({ ...around }, 7)).toBeUndefined();
  });
});
