import { SQS_BATCH_BYTES, SQS_MESSAGE_ATTRIBUTES } from './aws-limits.ts';

/** The attribute of a dead letter that says why it is one: {@link DeadLetterNote} as JSON, 4 KiB at most. */
const DEAD_LETTER_ATTRIBUTE = 'SluiceDeadLetter';

/** Reasons that the runtime gives; every other one comes from a handler's `DeadLetter`. */
export const DEAD_LETTER_REASONS = {
  /** Its last attempt threw, as those before had. */
  maxAttempts: 'maxAttempts',
  /** All its attempts are spent, and what the last one threw is not known: it never ended, or its dead letter failed. */
  exhausted: 'exhausted',
  /** Its body is not JSON. */
  unreadable: 'unreadable',
} as const;

/** What travels with a dead letter. */
export interface DeadLetterNote {
  /** One of {@link DEAD_LETTER_REASONS}, or the handler's own words. */
  readonly reason: string;
  /** How many attempts began. */
  readonly attempts: number;
  /** What the last attempt threw. */
  readonly error?: { readonly name: string; readonly message: string };
  /** When the task was first sent, epoch milliseconds; a dead letter that was sent again keeps it. */
  readonly firstSentAtMs: number;
  /** When its last attempt began, epoch milliseconds; where none did, when it was received. */
  readonly lastAttemptAtMs: number;
  /** Its id in the pipeline's queue. As a dead letter it has another. */
  readonly messageId: string;
}

/** A message's attribute; the value of a `Binary` one is base64. */
export interface MessageAttribute {
  readonly type: string;
  readonly value: string;
}

/** What is sent to the dead-letter queue. */
export interface OutgoingLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Whether the note is among them: SQS takes ten attributes, and 1 MiB together with the body. */
  readonly isNoted: boolean;
}

/**
 * The dead letter of a message: its body and attributes as they are, and the note. A note of an earlier death is
 * replaced; no other attribute is.
 */
export function deadLetterOf(
  body: string,
  attributes: Readonly<Record<string, MessageAttribute>>,
  note: DeadLetterNote,
): OutgoingLetter {
  const { [DEAD_LETTER_ATTRIBUTE]: before, ...others } = attributes;
  const firstSentAtMs = Math.min(note.firstSentAtMs, readNote(before)?.firstSentAtMs ?? note.firstSentAtMs);
  const noted = {
    ...others,
    [DEAD_LETTER_ATTRIBUTE]: { type: 'String', value: noteText({ ...note, firstSentAtMs }) },
  };
  const fits = Object.keys(noted).length <= SQS_MESSAGE_ATTRIBUTES && bytesOf(body, noted) <= SQS_BATCH_BYTES;
  return { body, attributes: fits ? noted : others, isNoted: fits };
}

/** @returns undefined where there is none, or something else under its name */
export function readNote(attribute: MessageAttribute | undefined): DeadLetterNote | undefined {
  if (attribute === undefined) return undefined;
  try {
    const note: Partial<DeadLetterNote> | null = JSON.parse(attribute.value);
    const numbers = [note?.attempts, note?.firstSentAtMs, note?.lastAttemptAtMs];
    const isNote = typeof note?.reason === 'string' && typeof note.messageId === 'string';
    return isNote && numbers.every(Number.isFinite) ? (note as DeadLetterNote) : undefined;
  } catch {
    return undefined;
  }
}

const NOTE_BYTES = 4096;
const NAME_CHARACTERS = 200;
const TEXT_CHARACTERS = 2000;

/** Cuts reason and error until the note fits: a character may take six bytes. */
function noteText(note: DeadLetterNote): string {
  for (let characters = TEXT_CHARACTERS; ; characters = Math.floor(characters / 2)) {
    const { reason, error, ...rest } = note;
    const text = JSON.stringify({
      reason: reason.slice(0, characters),
      ...rest,
      ...(error && {
        error: {
          name: error.name.slice(0, Math.min(characters, NAME_CHARACTERS)),
          message: error.message.slice(0, characters),
        },
      }),
    });
    // The two characters that JSON writes as they are and SQS refuses:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    const accepted = text.replace(/[\uFFFE\uFFFF]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
    if (utf8Bytes(accepted) <= NOTE_BYTES) return accepted;
  }
}

/** As SQS counts them: names, types and values of attributes belong to a message's size. */
function bytesOf(body: string, attributes: Readonly<Record<string, MessageAttribute>>): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { type, value }]) => bytes + utf8Bytes(name) + utf8Bytes(type) + utf8Bytes(value),
    utf8Bytes(body),
  );
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
