/** Documents that were uploaded together. */
export interface Upload {
  /** The customer, who has a pipeline of that name. */
  readonly pipelineId: string;
  /** Also names the burst: the same upload told twice is the same burst. */
  readonly burstId: string;
  /** What the keys of its documents begin with. */
  readonly prefix: string;
}

/** An object of this name says that the upload beside it is complete. */
export const MARKER = '_COMPLETE';

/**
 * Reads `uploads/<customer>/<upload>/_COMPLETE`.
 * @returns undefined for any other key
 */
export function uploadOf(key: string): Upload | undefined {
  const [, prefix, pipelineId, upload] = /^(uploads\/([^/]+)\/(.+)\/)_COMPLETE$/.exec(key) ?? [];
  if (prefix === undefined || pipelineId === undefined) return undefined;
  return { pipelineId, burstId: `${pipelineId}/${upload}`, prefix };
}

/** S3 tells keys URL-encoded, with + for a space. */
export function keyOf(told: string): string {
  return decodeURIComponent(told.replaceAll('+', ' '));
}

/** A document as S3 lists it. */
export interface Listed {
  readonly key: string;
  readonly sizeBytes: number;
}

/** A line of JSON Lines for each document, in the order of S3's listing; the marker is none. */
export function taskLines(bucket: string, objects: readonly Listed[]): string[] {
  return objects
    .filter(({ key }) => !key.endsWith(`/${MARKER}`))
    .map(({ key, sizeBytes }) => `${JSON.stringify({ bucket, document: key, sizeBytes })}\n`);
}
