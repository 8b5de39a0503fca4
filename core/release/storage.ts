/** What a release needs of the account's code storage. */
export interface StorageNeed {
  readonly usedBytes: number;
  readonly allowedBytes: number;
  /** What the rollout adds, at its largest. */
  readonly neededBytes: number;
}

/** From this share on there is a warning. */
const WARN_SHARE = 0.8;

/**
 * Lambda keeps a copy of the code for every function, counted unzipped; one that is updated gives its old copy
 * back. No versions are published, so that is all.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @param followers pipelines that will run the release
 * @param formerBytes unzipped size of what they run now; undefined if that is not known, then as large as the new
 */
export function storageNeed(
  account: { readonly codeBytesUsed: number; readonly codeBytesAllowed: number },
  unzippedBytes: number,
  formerBytes: number | undefined,
  followers: number,
): StorageNeed {
  const each = Math.max(0, unzippedBytes - (formerBytes ?? unzippedBytes));
  return {
    usedBytes: account.codeBytesUsed,
    allowedBytes: account.codeBytesAllowed,
    // One more copy for the function that tries it.
    neededBytes: unzippedBytes + each * followers,
  };
}

export type StorageJudgement =
  | { readonly kind: 'fits' }
  | { readonly kind: 'tight' | 'full'; readonly message: string };

/** Whether a release fits, before it starts. */
export function judgeStorage({ usedBytes, allowedBytes, neededBytes }: StorageNeed): StorageJudgement {
  const then = usedBytes + neededBytes;
  const message = `code storage: ${gigabytes(usedBytes)} of ${gigabytes(allowedBytes)} used, ${gigabytes(neededBytes)} more needed`;
  if (then > allowedBytes) return { kind: 'full', message: `${message}, which is not there` };
  return then > allowedBytes * WARN_SHARE ? { kind: 'tight', message } : { kind: 'fits' };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
