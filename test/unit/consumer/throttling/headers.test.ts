import { describe, expect, it } from '@jest/globals';
import { headersOf, read } from '../../../../consumer/throttling/headers.ts';

const listed = (...sources: unknown[]) => Object.fromEntries(headersOf(...sources));

/** Whoever asks by name gets an answer, and there is no list. */
const asked = (headers: Record<string, string>) => ({ get: (name: string) => headers[name] ?? null });

describe('headers', () => {
  it.each<[string, unknown]>([
    ['Headers', new Headers({ 'Retry-After': '7', 'X-RateLimit-Reset': '9' })],
    ['a Map', new Map([...Object.entries({ 'Retry-After': '7', 'x-ratelimit-RESET': '9' })])],
    ['an object', { 'Retry-After': '7', 'X-RATELIMIT-reset': '9' }],
    ['an object of numbers', { 'retry-after': 7, 'x-ratelimit-reset': 9 }],
    ['an object of lists', { 'retry-after': ['7'], 'x-ratelimit-reset': [9] }],
    [
      'an object without a prototype',
      Object.assign(Object.create(null), { 'retry-after': '7', 'x-ratelimit-reset': '9' }),
    ],
    ['a list', ['Retry-After', '7', 'X-RateLimit-Reset', ' 9 ']],
    [
      'a list of pairs',
      [
        ['Retry-After', '7'],
        ['X-RateLimit-Reset', '9'],
      ],
    ],
    ['what can be asked', asked({ 'retry-after': '7', 'x-ratelimit-reset': '9' })],
  ])('are read from %s', (_, source) => {
    expect(listed(source)).toEqual({ 'retry-after': '7', 'x-ratelimit-reset': '9' });
  });

  it('that tell a wait are all asked for', () => {
    const quota = [
      'ratelimit',
      ...['', 'x-'].flatMap((x) => [`${x}ratelimit-remaining`, `${x}ratelimit-reset`]),
    ];
    const all = Object.fromEntries(
      ['date', 'retry-after', 'retry-after-ms', ...quota].map((name) => [name, '1']),
    );
    expect(listed(asked(all))).toEqual(all);
  });

  it('of one name are joined, in whatever case they are written', () => {
    const expected = { ratelimit: '"a";r=0;t=5, "b";r=0;t=9' };
    expect(listed({ ratelimit: ['"a";r=0;t=5', '"b";r=0;t=9'] })).toEqual(expected);
    expect(listed(['RateLimit', '"a";r=0;t=5', 'ratelimit', '"b";r=0;t=9'])).toEqual(expected);
    expect(listed({ RateLimit: '"a";r=0;t=5', ratelimit: '"b";r=0;t=9' })).toEqual(expected);
  });

  it('are those of the first source that has any', () => {
    expect(listed(undefined, {}, new Headers(), 'a: b', { a: '1' }, { a: '2', b: '3' })).toEqual({ a: '1' });
  });

  it('that are no texts are none', () => {
    expect(listed({ a: null, b: {}, c: undefined, d: Symbol('e'), get: '1' })).toEqual({ get: '1' });
    expect(listed([[1, '2'], null, ['a']])).toEqual({});
  });
});

describe('a property', () => {
  it('is read of objects only, and a getter that throws has none', () => {
    const angry = Object.defineProperty({}, 'a', {
      get() {
        throw new Error('no');
      },
    });
    expect([read({ a: 1 }, 'a'), read(angry, 'a'), read('text', 'length'), read(null, 'a')]).toEqual([
      1,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
