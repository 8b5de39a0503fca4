import type { InvocationResult } from './lambda-host.ts';
import type { Laws } from './laws.ts';

/** Lambda tries an event that failed twice more, a minute and two minutes later. */
const TRY_AGAIN_AFTER_MS = [60_000, 120_000];
/** One that found no room is tried for hours. */
const NO_ROOM_AGAIN_MS = 5_000;

export interface CodeTopicPorts extends Laws {
  /** Runs the listener on one message. */
  invoke(message: string, told: (result: InvocationResult) => void): void;
}

/** S3's notifications of uploads through SNS to the code listener: at least once, in any order, some late. */
export class SimulatedCodeTopic {
  /** What went to the failure destination. */
  readonly deadLetters: string[] = [];
  readonly #ports: CodeTopicPorts;
  #open = 0;
  #sequence = 0;

  constructor(ports: CodeTopicPorts) {
    this.#ports = ports;
  }

  /** Notifications that are still on their way. */
  get open(): number {
    return this.#open;
  }

  /** Tells of an upload as S3 does. */
  uploaded(bucket: string, key: string, versionId: string): void {
    const { chance, nature } = this.#ports;
    this.#sequence += 1;
    const sequencer = (0x55_aed6_dcd9 + this.#sequence).toString(16).toUpperCase().padStart(18, '0');
    const object = { key: encodeURIComponent(key).replaceAll('%20', '+'), versionId, sequencer };
    const record = { eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object } };
    const message = JSON.stringify({ Records: [record] });
    this.#send(message, chance.between(...nature.notificationMs));
    if (chance.happens(nature.duplicateEvents)) this.#send(message, chance.between(1_000, 1_200_000));
  }

  #send(message: string, inMs: number): void {
    this.#open += 1;
    this.#ports.clock.after(inMs, () => this.#deliver(message, 0));
  }

  #deliver(message: string, failed: number): void {
    this.#ports.invoke(message, (result) => {
      if (result.kind === 'returned') {
        this.#open -= 1;
        return;
      }
      const { clock } = this.#ports;
      if (result.error === 'Lambda.TooManyRequestsException') {
        clock.after(NO_ROOM_AGAIN_MS, () => this.#deliver(message, failed));
        return;
      }
      const afterMs = TRY_AGAIN_AFTER_MS[failed];
      if (afterMs !== undefined) clock.after(afterMs, () => this.#deliver(message, failed + 1));
      else {
        this.#open -= 1;
        this.deadLetters.push(message);
      }
    });
  }
}
