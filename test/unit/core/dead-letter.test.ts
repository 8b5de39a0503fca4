import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type DeadLetterNote,
  deadLetterOf,
  readNote,
  reasonOf,
  redrivesOf,
  sentAgain,
} from '../../../core/dead-letter.ts';

const note: DeadLetterNote = {
  reason: 'maxAttempts',
  attempts: 5,
  error: { name: 'TypeError', message: 'no' },
  firstSentAtMs: 1_800_000_000_000,
  lastAttemptAtMs: 1_800_000_060_000,
  messageId: '2a88dd0e-6a0c-4f5e-9b42-97a2b0a3c0de',
};
const text = (value: string) => ({ type: 'String', value });
const noteIn = (letter: ReturnType<typeof deadLetterOf>) => readNote(letter.attributes.SluiceDeadLetter);

describe('a dead letter', () => {
  it('says in one attribute why it is one', () => {
    const letter = deadLetterOf('{}', { kind: text('urgent') }, note);
    expect(letter).toMatchObject({ body: '{}', attributes: { kind: text('urgent') }, isNoted: true });
    expect(noteIn(letter)).toEqual(note);
  });

  it('keeps its note within 4 KiB of characters that SQS takes, whatever was thrown', () => {
    const unit = fc.oneof(
      fc.constantFrom('\u0000', '\uFFFE', '\uFFFF', '\uD800', '"', '€', '😀'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const long = fc.string({ unit, maxLength: 9_000 });
    fc.assert(
      fc.property(long, long, long, (reason, name, message) => {
        const letter = deadLetterOf('{}', {}, { ...note, reason, error: { name, message } });
        const value = letter.attributes.SluiceDeadLetter?.value ?? '';
        expect(Buffer.byteLength(value)).toBeLessThanOrEqual(4096);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(value).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
        expect(value.isWellFormed()).toBe(true);
        const read = noteIn(letter);
        expect(reason.startsWith(read?.reason ?? '?')).toBe(true);
        expect(message.startsWith(read?.error?.message ?? '?')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps most of what was thrown', () => {
    const message = 'x'.repeat(10_000);
    const letter = deadLetterOf('{}', {}, { ...note, error: { name: 'E', message } });
    expect(noteIn(letter)?.error?.message).toHaveLength(2_000);
  });

  it('of a task that died before has the new note, and the time when it was first sent', () => {
    const first = deadLetterOf('{}', {}, note);
    const later = { ...note, reason: 'no such page', firstSentAtMs: 1_800_009_000_000, messageId: 'other' };
    expect(noteIn(deadLetterOf('{}', first.attributes, later))).toEqual({
      ...later,
      firstSentAtMs: note.firstSentAtMs,
    });
  });

  it('of a task that was sent again keeps how often, and has no sign that it is to be', () => {
    const again = sentAgain({ ...buried, attributes: deadLetterOf('{}', {}, note).attributes }, 9_000);
    const dead = deadLetterOf('{}', again.attributes, { ...note, reason: 'no such page', messageId: 'm2' });
    expect(noteIn(dead)).toEqual({ ...note, reason: 'no such page', messageId: 'm2', redrives: 1 });
    expect(redrivesOf(dead.attributes)).toBe(1);
    const twice = sentAgain({ ...buried, attributes: dead.attributes }, 9_500);
    expect(noteIn(twice)).toMatchObject({ redrives: 2, sentAgainAtMs: 9_500 });
  });

  it('says which redrive sent its task again last, as long as that was one that people asked for', () => {
    const first = deadLetterOf('{}', {}, note).attributes;
    const again = sentAgain({ ...buried, attributes: first }, 9_000, 'mine').attributes;
    const dead = deadLetterOf('{}', again, note);
    expect(noteIn(dead)).toEqual({ ...note, redrives: 1, redriveId: 'mine' });
    const byARollout = sentAgain({ ...buried, attributes: dead.attributes }, 9_500);
    expect(noteIn(byARollout)).toEqual({ ...note, redrives: 2, sentAgainAtMs: 9_500 });
  });

  it('takes an attribute of its name that is no note for nothing', () => {
    for (const value of [
      '',
      'null',
      '7',
      '{}',
      '{"reason":"x"}',
      JSON.stringify({ ...note, attempts: '5' }),
      JSON.stringify({ ...note, redrives: 'often' }),
    ]) {
      expect(readNote(text(value))).toBeUndefined();
      expect(noteIn(deadLetterOf('{}', { SluiceDeadLetter: text(value) }, note))).toEqual(note);
    }
  });

  it('goes without its note where the message is full: of attributes, or of bytes', () => {
    const nine = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`a${at}`, text('x')]));
    expect(deadLetterOf('{}', nine, note).isNoted).toBe(true);
    const ten = { ...nine, a9: text('x') };
    expect(deadLetterOf('{}', ten, note)).toEqual({ body: '{}', attributes: ten, isNoted: false });
    const big = (bytes: number) => deadLetterOf('x'.repeat(bytes), {}, note);
    const noteBytes = Buffer.byteLength(`SluiceDeadLetterString${big(1).attributes.SluiceDeadLetter?.value}`);
    expect(big(1_048_576 - noteBytes).isNoted).toBe(true);
    expect(big(1_048_576 - noteBytes + 1)).toMatchObject({ attributes: {}, isNoted: false });
  });
});

const buried = { messageId: 'dlq-1', body: '{}', attributes: {}, sentAtMs: 1_800_000_001_000 };

describe('a dead letter that is sent again', () => {
  it('is as it was but for the note, which counts', () => {
    const { attributes } = deadLetterOf('{}', { kind: text('urgent') }, note);
    const again = sentAgain({ ...buried, attributes }, 9_000);
    expect(again).toMatchObject({ body: '{}', isNoted: true, attributes: { kind: text('urgent') } });
    expect(Object.keys(again.attributes)).toHaveLength(2);
    expect(noteIn(again)).toEqual({ ...note, redrives: 1, sentAgainAtMs: 9_000 });
  });

  it('gets a note where it has none, as SQS moves it', () => {
    expect(reasonOf({})).toBe('maxReceiveCount');
    expect(redrivesOf({})).toBe(0);
    expect(noteIn(sentAgain(buried, 9_000))).toEqual({
      reason: 'maxReceiveCount',
      attempts: 0,
      firstSentAtMs: buried.sentAtMs,
      lastAttemptAtMs: buried.sentAtMs,
      messageId: 'dlq-1',
      redrives: 1,
      sentAgainAtMs: 9_000,
    });
  });

  it('died of maxReceiveCount where SQS moves it next, whatever the note of the death before says', () => {
    const before = deadLetterOf('{}', {}, note).attributes;
    expect(reasonOf(before)).toBe('maxAttempts');
    const moved = sentAgain({ ...buried, attributes: before }, 9_000).attributes;
    expect([reasonOf(moved), redrivesOf(moved)]).toEqual(['maxReceiveCount', 1]);
    expect(noteIn(sentAgain({ ...buried, attributes: moved }, 9_500))).toEqual({
      reason: 'maxReceiveCount',
      attempts: 0,
      firstSentAtMs: note.firstSentAtMs,
      lastAttemptAtMs: buried.sentAtMs,
      messageId: 'dlq-1',
      redrives: 2,
      sentAgainAtMs: 9_500,
    });
  });

  it('begins a new life: nothing is left of what the runtime knew of its messages', () => {
    const attributes = { SluiceAnew: text('{"messageId":"m0"}'), kind: text('urgent') };
    expect(Object.keys(sentAgain({ ...buried, attributes }, 9_000).attributes).sort()).toEqual([
      'SluiceDeadLetter',
      'kind',
    ]);
  });

  it('is not counted where there is no room, and is sent as it is', () => {
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`a${at}`, text('x')]));
    const again = sentAgain({ ...buried, attributes: ten }, 9_000);
    expect(again).toEqual({ body: '{}', attributes: ten, isNoted: false });
    const big = { ...buried, body: 'x'.repeat(1_048_576) };
    expect(sentAgain(big, 9_000)).toEqual({ body: big.body, attributes: {}, isNoted: false });
  });
});
