import { describe, expect, it } from '@jest/globals';
import { hasRoomToReserve, overcommittedBy, withoutRoom } from '../../../core/account.ts';

const account = { concurrency: 1000, unreservedConcurrency: 900, codeBytesUsed: 0, codeBytesAllowed: 1 };

describe('the account', () => {
  it.each([
    { unreservedConcurrency: 101, room: true },
    { unreservedConcurrency: 100, room: false },
    { unreservedConcurrency: 10, room: false },
  ])('has room to reserve one more with $unreservedConcurrency unreserved: $room', ({ room, ...given }) => {
    expect(hasRoomToReserve(given)).toBe(room);
  });

  it.each([900, 100, 10])('has none left once one was refused, whatever was read before: %i', (read) => {
    const known = withoutRoom({ ...account, unreservedConcurrency: read, committedConcurrency: 7 });
    expect(hasRoomToReserve(known)).toBe(false);
    expect(known).toEqual({
      ...account,
      unreservedConcurrency: Math.min(read, 100),
      committedConcurrency: 7,
    });
  });

  it.each([
    { why: 'nobody has counted yet', fact: account, by: undefined },
    { why: 'nothing is known of the account', fact: undefined, by: undefined },
    { why: 'all fits', fact: { ...account, committedConcurrency: 1000 }, by: undefined },
    { why: 'one is too many', fact: { ...account, committedConcurrency: 1001 }, by: 1 },
  ])('is overcommitted by $by where $why', ({ fact, by }) => {
    expect(overcommittedBy(fact)).toBe(by);
  });
});
