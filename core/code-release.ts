/** The release admitted to the pipelines that follow a code key; one fact per key in the ledgers table. */
export interface AdmittedRelease {
  readonly key: string;
  /** S3 version id. */
  readonly version: string;
  /** ISO 8601. */
  readonly admittedAt: string;
}

/** The fact under which a code key's admitted release is kept. */
export function releaseFact(codeKey: string): string {
  return `release#${codeKey}`;
}
