import { AwsError } from '../../aws/errors.ts';
import type { Ports } from '../../aws/ports.ts';
import { claimed, handOver, released, TRIGGER } from '../../core/burst/driver.ts';
import { type Burst, parseBurst } from '../../core/burst/input.ts';
import { partsIdOf } from '../../core/burst/place.ts';
import type { BurstRecord } from '../../core/burst/record.ts';
import { type BurstResult, burstResult, type Told } from '../../core/burst/result.ts';
import { equalJson } from '../../core/equal-json.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { changeBurst } from '../burst/sending/change-burst.ts';
import { drive } from '../burst/sending/drive.ts';
import { noteSlice } from '../burst/sending/finish.ts';
import { sendSlice } from '../burst/sending/slice.ts';
import { AFTER_STOP_MS, beginBurst } from './begin-burst.ts';
import { type HandedOver, handedOver } from './handed-over.ts';
import { keepTasks } from './keep-tasks.ts';
import { readyPipeline } from './ready-pipeline.ts';

/** One call of the trigger. */
export interface TriggerCall {
  /** Lambda's own: the retries of an asynchronous call have the same. */
  readonly requestId: string;
  /** When this function must be over, epoch milliseconds. */
  readonly deadlineMs: number;
}

/** What handing a burst to the machine may take, milliseconds. */
const HAND_OVER_MS = 10_000;

/**
 * Takes a burst and hands it to its pipeline's queue, spread out. The same burst again goes on where it was.
 * @param input `{pipelineId, tasks | count | source, spread?, burstId?}`
 * @throws {Refused} where nothing was sent; {AwsError} where AWS did not answer for long: the same burst again goes on
 */
export async function sendBurst(
  input: unknown,
  ports: Ports,
  settings: StageSettings,
  { requestId, deadlineMs }: TriggerCall,
): Promise<BurstResult> {
  const burst = parseBurst(input);
  const burstId = burst.burstId ?? requestId;
  const { pipelineId } = burst;
  const status = await readyPipeline(pipelineId, ports);
  const stopMs = deadlineMs - settings.timings.callSeconds * 1000 - HAND_OVER_MS;
  for (;;) {
    const known = await ports.bursts.read(burstId);
    const handed = await handedOver(burstId, pipelineId, burst.tasks, known, ports);
    const begun =
      known === undefined
        ? await beginBurst(burst, burstId, handed, status, ports, stopMs)
        : { record: known, measured: undefined, note: otherSpreadNote(burst, known) };
    if (begun === undefined) continue;
    const { record, measured, note } = begun;
    const sent =
      record.state === 'Sending' && record.driver === undefined
        ? await sendHere({ burst, handed, record, stopMs }, ports)
        : await asItIs(record, ports);
    const result = burstResult(sent.record, {
      accepted: sent.accepted,
      notAccepted: Math.max(sent.notAccepted, measured?.refused ?? 0),
      refusals: [...record.refusals, ...(measured?.refusals ?? []), ...sent.refusals],
      ...notesOf(note, sent.note),
    });
    const { accepted, notAccepted, state, total, spread } = result;
    ports.log.info('burst', { pipelineId, burstId, state, total, accepted, notAccepted, spread });
    return result;
  }
}

function notesOf(...notes: readonly (string | undefined)[]): Pick<Told, 'note'> {
  const given = notes.filter((note) => note !== undefined);
  return given.length === 0 ? {} : { note: given.join('; ') };
}

/** A burst is planned once. */
function otherSpreadNote({ spread }: Burst, known: BurstRecord): string | undefined {
  if (spread === undefined || equalJson(spread, known.spread)) return undefined;
  return 'the burst goes on as it was planned: its spread is changed by a replan, not by sending it again';
}

interface Here {
  readonly burst: Burst;
  readonly handed: HandedOver;
  readonly record: BurstRecord;
  readonly stopMs: number;
}

type Sent = Told & { readonly record: BurstRecord };

/** Sends what is left of a burst; what does not fit into this call goes on in the machine. */
async function sendHere({ burst, handed, record: known, stopMs }: Here, ports: Ports): Promise<Sent> {
  const record = await claim(known, stopMs, ports);
  if (record.driver !== undefined) return asItIs(record, ports);
  const slice = await sendSlice(record, handed.read, ports, stopMs).catch(refusalOf);
  if (slice instanceof AwsError) {
    const latest = await goOnInMachine(record, burst, ports);
    return { ...(await asItIs(latest, ports)), note: refusedNote(slice) };
  }
  const { end, mark, refusals } = slice;
  const told = { accepted: mark.accepted, notAccepted: mark.refused, refusals };
  let latest = await noteSlice(record, slice, ports);
  if (end.kind === 'later' || end.kind === 'outOfTime') latest = await goOnInMachine(latest, burst, ports);
  if (end.kind === 'changed') {
    // Whoever was told to cancel it or to plan it anew waits for this call to be through.
    latest = await changeBurst(latest, ports, (one) =>
      one.sending?.by === TRIGGER ? released(one) : undefined,
    );
  }
  await drive(latest, ports);
  return { record: latest, ...told };
}

/** @returns what SQS refuses for good, as a whole: no task's own fault. All else is thrown on. */
function refusalOf(error: unknown): AwsError {
  if (error instanceof AwsError && error.service === 'sqs' && !error.retryable) return error;
  throw error;
}

function refusedNote({ message }: AwsError): string {
  return `the queue did not take all of it: ${message} — the rest is kept, tried again, and soon paused where that is in vain`;
}

/** Leaves what is left to the machine: tasks that only this call has are kept first. */
async function goOnInMachine(record: BurstRecord, burst: Burst, ports: Ports): Promise<BurstRecord> {
  const source = await keepTasks(record.burstId, burst.tasks, record.source, ports);
  return changeBurst(record, ports, (one) =>
    one.state === 'Sending' && one.driver === undefined
      ? handOver({ ...released(one), source }, ports.clock.nowMs())
      : undefined,
  );
}

/** Tells others that this call sends it now. One that has begun it just now has said so. */
async function claim(record: BurstRecord, stopMs: number, ports: Ports): Promise<BurstRecord> {
  return changeBurst(record, ports, (one) => {
    const isMine = one.state === 'Sending' && one.driver === undefined;
    const isSaid = (one.sending?.untilMs ?? 0) >= stopMs;
    return isMine && !isSaid ? claimed(one, TRIGGER, stopMs + AFTER_STOP_MS) : undefined;
  });
}

/** A burst that is not this call's to send: it is sent, or somebody else does it. */
async function asItIs(record: BurstRecord, ports: Ports): Promise<Sent> {
  await drive(record, ports);
  const mark = await ports.bursts.readSent(partsIdOf(record));
  const note = record.state === 'Paused' ? `it is paused: ${record.because} — resume it` : undefined;
  return { record, accepted: mark.accepted, notAccepted: mark.refused, refusals: [], note };
}
