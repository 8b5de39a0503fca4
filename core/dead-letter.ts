import { SQS_BATCH_BYTES, SQS_MESSAGE_ATTRIBUTES } from './aws-limits.ts';

/** The attribute of a dead letter that says why it is one: {@link DeadLetterNote} as JSON, 4 KiB at most. */
const DEAD_LETTER_ATTRIBUTE = 'SluiceDeadLetter';

/** What the runtime knows of the message that this one was sent anew for: of one life of a task, and not of the next. */
export const ANEW_ATTRIBUTE = 'SluiceAnew';

/** Reasons that are not a handler's own words, as those of its `DeadLetter` are. */
export const DEAD_LETTER_REASONS = {
  /** Its last attempt threw, as those before had. */
  maxAttempts: 'maxAttempts',
  /** All its attempts are spent, and what the last one threw is not known: it never ended, or its dead letter failed. */
  exhausted: 'exhausted',
  /** Its body is not JSON. */
  unreadable: 'unreadable',
  /** SQS moved it itself, after `maxReceiveCount` receives: such a letter has no note, or that of an earlier death. */
  maxReceiveCount: 'maxReceiveCount',
} as const;

/** What travels with a dead letter. */
export interface DeadLetterNote {
  /** One of {@link DEAD_LETTER_REASONS}, or the handler's own words. */
  readonly reason: string;
  /** How many attempts began; 0 where nobody knows. */
  readonly attempts: number;
  /** What the last attempt threw. */
  readonly error?: { readonly name: string; readonly message: string };
  /** When the task was first sent, epoch milliseconds; a dead letter that was sent again keeps it. */
  readonly firstSentAtMs: number;
  /** When its last attempt began, epoch milliseconds; where none did, when it was received. */
  readonly lastAttemptAtMs: number;
  /** Its id in the pipeline's queue. As a dead letter it has another. */
  readonly messageId: string;
  /** How often the task was sent again after it had died; absent: never. */
  readonly redrives?: number;
  /** The redrive that sent it again last, if it was one that people asked for. */
  readonly redriveId?: string;
  /** When it was sent again, epoch milliseconds: the note is of the death before. That of a new death has none. */
  readonly sentAgainAtMs?: number;
}

/** A message as it lies in the dead-letter queue. */
export interface BuriedLetter {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Epoch milliseconds: when the runtime sent it there, or when the task was first sent if SQS moved it itself. */
  readonly sentAtMs: number;
}

/** A message's attribute; the value of a `Binary` one is base64. */
export interface MessageAttribute {
  readonly type: string;
  readonly value: string;
}

/** What is sent to the dead-letter queue, or out of it again. */
export interface OutgoingLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Whether the note is among them: SQS takes ten attributes, and 1 MiB together with the body. */
  readonly isNoted: boolean;
}

/**
 * The dead letter of a message: its body and attributes as they are, and the note. A note of an earlier death is
 * replaced, save when the task was first sent, how often it was sent again, and by which redrive; no other attribute is.
 */
export function deadLetterOf(
  body: string,
  attributes: Readonly<Record<string, MessageAttribute>>,
  note: DeadLetterNote,
): OutgoingLetter {
  const { [DEAD_LETTER_ATTRIBUTE]: before, ...others } = attributes;
  const earlier = readNote(before);
  const firstSentAtMs = Math.min(note.firstSentAtMs, earlier?.firstSentAtMs ?? note.firstSentAtMs);
  const { redrives, redriveId } = earlier ?? {};
  const lasting = {
    ...(redrives !== undefined && { redrives }),
    ...(redriveId !== undefined && { redriveId }),
  };
  return withNote(body, others, { ...note, firstSentAtMs, ...lasting }, others);
}

/** What travels with a letter; undefined for one that SQS moved itself, before it ever had a note. */
export function noteOf(attributes: BuriedLetter['attributes']): DeadLetterNote | undefined {
  return readNote(attributes[DEAD_LETTER_ATTRIBUTE]);
}

/** Why a letter is one. */
export function reasonOf(attributes: BuriedLetter['attributes']): string {
  const note = noteOf(attributes);
  // It was sent again, and died without the runtime: nobody but SQS can have moved it.
  if (note === undefined || note.sentAgainAtMs !== undefined) return DEAD_LETTER_REASONS.maxReceiveCount;
  return note.reason;
}

/** How often a letter's task was sent again. */
export function redrivesOf(attributes: BuriedLetter['attributes']): number {
  return noteOf(attributes)?.redrives ?? 0;
}

/**
 * A dead letter as the task that is sent again: its body and attributes as they are, and the note, which goes along
 * and counts that. One without a note gets one, if there is room for it; else this time does not count.
 * @param redriveId who sends it, where that is a redrive that people asked for
 */
export function sentAgain(letter: BuriedLetter, nowMs: number, redriveId?: string): OutgoingLetter {
  const { body, attributes, messageId, sentAtMs } = letter;
  const { [ANEW_ATTRIBUTE]: _ofThisLife, ...lasting } = attributes;
  const { [DEAD_LETTER_ATTRIBUTE]: before, ...others } = lasting;
  const earlier = readNote(before);
  const ofThisDeath = earlier?.sentAgainAtMs === undefined ? earlier : undefined;
  const note = ofThisDeath ?? {
    reason: DEAD_LETTER_REASONS.maxReceiveCount,
    attempts: 0,
    firstSentAtMs: earlier?.firstSentAtMs ?? sentAtMs,
    lastAttemptAtMs: sentAtMs,
    messageId,
  };
  const { redriveId: _before, ...death } = note;
  const counted = {
    ...death,
    redrives: redrivesOf(attributes) + 1,
    ...(redriveId !== undefined && { redriveId }),
    sentAgainAtMs: nowMs,
  };
  return withNote(body, others, counted, lasting);
}

/** @param otherwise the attributes where there is no room for the note */
function withNote(
  body: string,
  others: BuriedLetter['attributes'],
  note: DeadLetterNote,
  otherwise: BuriedLetter['attributes'],
): OutgoingLetter {
  const noted = { ...others, [DEAD_LETTER_ATTRIBUTE]: { type: 'String', value: noteText(note) } };
  const fits =
    Object.keys(noted).length <= SQS_MESSAGE_ATTRIBUTES && messageBytes(body, noted) <= SQS_BATCH_BYTES;
  return { body, attributes: fits ? noted : otherwise, isNoted: fits };
}

/** @returns undefined where there is none, or something else under its name */
export function readNote(attribute: MessageAttribute | undefined): DeadLetterNote | undefined {
  if (attribute === undefined) return undefined;
  try {
    const note: Partial<DeadLetterNote> | null = JSON.parse(attribute.value);
    const { redrives = 0, sentAgainAtMs = 0 } = note ?? {};
    const numbers = [note?.attempts, note?.firstSentAtMs, note?.lastAttemptAtMs, redrives, sentAgainAtMs];
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
export function messageBytes(body: string, attributes: Readonly<Record<string, MessageAttribute>>): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { type, value }]) => bytes + utf8Bytes(name) + utf8Bytes(type) + utf8Bytes(value),
    utf8Bytes(body),
  );
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
