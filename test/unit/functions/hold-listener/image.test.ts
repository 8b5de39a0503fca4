import { expect, it } from '@jest/globals';
import { plainImage } from '../../../../functions/hold-listener/image.ts';

it('reads an image as the document client reads an item', () => {
  const image = {
    pipelineId: { S: 'a' },
    revision: { N: '3' },
    hold: { M: { untilMs: { N: '1767225600123.5' }, cause: { S: 'throttled' } } },
    breaker: {
      M: { probes: { L: [{ M: { id: { S: 'p' } } }] }, isOdd: { BOOL: false }, none: { NULL: true } },
    },
  };
  expect(plainImage(image)).toEqual({
    pipelineId: 'a',
    revision: 3,
    hold: { untilMs: 1_767_225_600_123.5, cause: 'throttled' },
    breaker: { probes: [{ id: 'p' }], isOdd: false, none: undefined },
  });
  expect(plainImage(undefined)).toBeUndefined();
});
