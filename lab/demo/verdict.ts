/** One promise, and what was seen of it. */
export interface Verdict {
  readonly promise: string;
  readonly isSo: boolean;
  readonly evidence: string;
}

/** What is not as promised. */
export function problemsOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(({ isSo }) => !isSo).map(({ promise, evidence }) => `${promise}: ${evidence}`);
}

/** As wide for either. */
export function mark({ isSo }: Verdict): string {
  return isSo ? 'so    ' : 'NOT SO';
}
