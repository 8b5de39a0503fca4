import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ConfigChange, executionName, executionsFor } from '../../../core/config-change.ts';

const change = (pipelineId: string, number: number): ConfigChange => ({
  pipelineId,
  eventId: `event${number}`,
  sequenceNumber: String(number),
});

describe('executionsFor', () => {
  it('starts one run per pipeline, named by its last change and to be repeated from its first', () => {
    expect(executionsFor([change('a', 1), change('b', 2), change('a', 3), change('a', 4)])).toEqual([
      { pipelineId: 'a', name: 'a-event4', sequenceNumber: '1' },
      { pipelineId: 'b', name: 'b-event2', sequenceNumber: '2' },
    ]);
  });

  it('gives a batch that is delivered again the same names', () => {
    const batch = [change('a', 1), change('b', 2), change('a', 3)];
    expect(executionsFor(batch)).toEqual(executionsFor([...batch]));
    expect(executionsFor([])).toEqual([]);
  });
});

describe('executionName', () => {
  it('is a name that Step Functions takes, whatever a person typed and whatever caused it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 2048 }),
        fc.string({ maxLength: 200 }),
        (id, cause) => {
          expect(executionName(id, cause)).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        },
      ),
    );
  });

  it('keeps the whole id and the whole event id of every pipeline that can be made', () => {
    const eventId = '0123456789abcdef0123456789abcdef';
    const id = 'x'.repeat(40);
    expect(executionName(id, eventId)).toBe(`${id}-${eventId}`);
  });
});
