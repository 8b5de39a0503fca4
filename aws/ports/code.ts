export interface CodeBucket {
  /** The object's current version, or the one named; undefined if there is none. */
  head(key: string, version?: string): Promise<CodeObject | undefined>;
}

export interface CodeObject {
  readonly key: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly etag: string;
}
