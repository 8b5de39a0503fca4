import type { Archive } from '../../core/release/package.ts';
import type { Page } from './page.ts';

/** The bucket that consumer code is uploaded to; it keeps every version. */
export interface CodeBucket {
  /** The object's current version, or the one named; undefined if there is none. */
  head(key: string, version?: string): Promise<CodeObject | undefined>;
  /**
   * Downloads one version and looks into its zip: what files it holds, and the text of `sluice.json` and of
   * the smoke event that it names. Undefined if the version is gone.
   */
  archive(key: string, version: string): Promise<Archive | undefined>;
  /** All versions of one object, newest first; delete markers too. */
  versions(key: string, cursor: string | undefined): Promise<Page<CodeVersion>>;
  /** Deletes one version for good; one that is gone is well. */
  deleteVersion(key: string, version: string): Promise<void>;
}

export interface CodeObject {
  readonly key: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly uploadedAtMs: number;
}

export interface CodeVersion {
  readonly version: string;
  readonly isCurrent: boolean;
  readonly isDeleteMarker: boolean;
  /** Epoch milliseconds. */
  readonly uploadedAtMs: number;
}
