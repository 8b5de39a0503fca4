import { describe, expect, it } from '@jest/globals';
import { type DeadLetterNote, deadLetterOf, sentAgain } from '../../../../core/dead-letter.ts';
import { judgeLetter } from '../../../../core/redrive/match.ts';

const BEGAN_MS = 1_800_000_000_000;
const NOTE: DeadLetterNote = {
  reason: 'no such page 7',
  attempts: 1,
  firstSentAtMs: 1,
  lastAttemptAtMs: 2,
  messageId: 'm',
};
const wish = { maxRedrives: 3 };
const letter = { sentAtMs: BEGAN_MS - 60_000, attributes: deadLetterOf('{}', {}, NOTE).attributes };

/** It was sent again by a redrive, and died again. */
function diedAgain(redriveId: string | undefined, sentAtMs: number) {
  const buried = { messageId: 'm', body: '{}', attributes: letter.attributes, sentAtMs: letter.sentAtMs };
  const again = sentAgain(buried, sentAtMs, redriveId);
  return { sentAtMs, attributes: deadLetterOf('{}', again.attributes, NOTE).attributes };
}

describe('whether a redrive takes a letter', () => {
  it.each([
    ['no such page 7', 'take'],
    ['no such page*', 'take'],
    ['no such*page', 'stay'],
    ['maxAttempts', 'stay'],
  ])('goes by its reason: %s', (reason, kind) => {
    expect(judgeLetter(letter, { ...wish, reason }, BEGAN_MS).kind).toBe(kind);
  });

  it('goes by when it died, as clocks differ', () => {
    const at = (ms: number) => judgeLetter({ ...letter, sentAtMs: BEGAN_MS + ms }, wish, BEGAN_MS);
    expect([at(0), at(1_000), at(1_001)]).toEqual([
      { kind: 'take' },
      { kind: 'take' },
      { kind: 'stay', why: 'newer' },
    ]);
  });

  it('does not send again what it has sent again itself, however soon that has died', () => {
    const mine = { ...wish, redriveId: 'mine' };
    expect(judgeLetter(diedAgain('mine', BEGAN_MS + 10), mine, BEGAN_MS)).toEqual({
      kind: 'stay',
      why: 'newer',
    });
    for (const other of ['other', undefined]) {
      expect(judgeLetter(diedAgain(other, BEGAN_MS - 10), mine, BEGAN_MS)).toEqual({ kind: 'take' });
    }
    expect(judgeLetter(diedAgain('mine', BEGAN_MS - 10), wish, BEGAN_MS)).toEqual({ kind: 'take' });
  });

  it('leaves alone what died too often', () => {
    expect(judgeLetter(diedAgain('other', 5), { maxRedrives: 1 }, BEGAN_MS)).toEqual({
      kind: 'stay',
      why: 'tooOften',
    });
  });
});
