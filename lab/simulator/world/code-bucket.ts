import type { CodeBucket, CodeObject, CodeVersion, Page } from '../../../aws/ports.ts';
import { CONSUMER_ENTRY } from '../../../core/consumer-code.ts';
import type { Archive } from '../../../core/release/package.ts';
import { hash32 } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Sync } from './sync.ts';

/** What a version of consumer code is like. One that says nothing is sound: its tasks go as they want to. */
export interface Behaviour {
  /** Share of the tasks that fail on it, in every attempt. */
  readonly fails?: number;
  /** Its tasks take so many times as long. */
  readonly slowdown?: number;
  /** A single call of it fails, with these words. */
  readonly trialFails?: string;
  /** What its zip holds. */
  readonly archive?: Archive;
}

interface Upload {
  readonly version: string;
  readonly uploadedAtMs: number;
  readonly isDeleteMarker: boolean;
}

const SIZE_BYTES = 1000;

/** A versioned bucket of consumer code. */
export class SimulatedCodeBucket implements Sync<CodeBucket> {
  /** By key, oldest first. */
  readonly #uploads = new Map<string, Upload[]>();
  /** Also of versions that are deleted: a function goes on running its code. */
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #clock: VirtualClock;
  #markers = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Uploads an object; its version id is the answer. */
  put(key: string, version: string, behaviour: Behaviour = {}): string {
    this.#behaviours.set(digestOf(key, version), behaviour);
    return this.#add(key, version, false);
  }

  /** Deletes an object as a person does who names no version: its versions stay. */
  remove(key: string): void {
    this.#markers += 1;
    this.#add(key, `marker-${this.#markers}`, true);
  }

  behaviourOf(key: string, version: string): Behaviour {
    return this.#behaviours.get(digestOf(key, version)) ?? {};
  }

  head(key: string, version?: string): CodeObject | undefined {
    const uploads = this.#uploads.get(key) ?? [];
    const found = version === undefined ? uploads.at(-1) : uploads.find((each) => each.version === version);
    if (found === undefined || found.isDeleteMarker) return undefined;
    return {
      key,
      version: found.version,
      sizeBytes: SIZE_BYTES,
      etag: sha256Of(key, found.version),
      uploadedAtMs: found.uploadedAtMs,
    };
  }

  archive(key: string, version: string): Archive | undefined {
    if (this.head(key, version) === undefined) return undefined;
    return this.behaviourOf(key, version).archive ?? soundArchive(key, version);
  }

  /** No object here has the thousand versions that fill a page. */
  versions(key: string): Page<CodeVersion> {
    const uploads = [...(this.#uploads.get(key) ?? [])].reverse();
    return { items: uploads.map((upload, place) => ({ ...upload, isCurrent: place === 0 })) };
  }

  deleteVersion(key: string, version: string): void {
    const left = (this.#uploads.get(key) ?? []).filter((each) => each.version !== version);
    this.#uploads.set(key, left);
  }

  #add(key: string, version: string, isDeleteMarker: boolean): string {
    const upload = { version, uploadedAtMs: this.#clock.nowMs(), isDeleteMarker };
    this.#uploads.set(key, [...(this.#uploads.get(key) ?? []), upload]);
    return version;
  }
}

/** Stands for Lambda's CodeSha256 of one version of one object. */
export function sha256Of(key: string, version: string): string {
  return `sha-${hash32(digestOf(key, version)).toString(16)}`;
}

/** A zip as `npm run build:consumer` makes it. */
export function soundArchive(key: string, version: string, unzippedBytes = 4 * SIZE_BYTES): Archive {
  return {
    kind: 'read',
    sha256: sha256Of(key, version),
    files: [{ name: CONSUMER_ENTRY, bytes: unzippedBytes }],
    texts: {},
  };
}

function digestOf(key: string, version: string): string {
  return `${key}@${version}`;
}
