import { describe, expect, it } from '@jest/globals';
import { parseReference } from '../../../core/references.ts';

describe('parseReference', () => {
  it.each([
    ['ssm:/app/key', { kind: 'parameter', path: '/app/key' }],
    ['secret:app/key', { kind: 'secret', id: 'app/key' }],
    [
      'secret:arn:aws:secretsmanager:eu-west-1:1:secret:a',
      { kind: 'secret', id: 'arn:aws:secretsmanager:eu-west-1:1:secret:a' },
    ],
    ['ssm:app/key', undefined],
    ['secret:', undefined],
    ['https://example.org', undefined],
    ['', undefined],
  ])('reads %j', (value, reference) => {
    expect(parseReference(value)).toEqual(reference);
  });
});
