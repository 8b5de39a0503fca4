/** Something that was looked at. Plain JSON. */
export interface Finding {
  /** What, in a word or two; the same from call to call. */
  readonly about: string;
  readonly isWell: boolean;
  /** One line for people. */
  readonly says: string;
  /** What to do; only where it is not well. */
  readonly action?: string;
}

export function well(about: string, says: string): Finding {
  return { about, isWell: true, says };
}

export function attention(about: string, says: string, action: string): Finding {
  return { about, isWell: false, says, action };
}

const NAMED_MOST = 5;

/** `a, b and 3 more`. */
export function named(ids: readonly string[]): string {
  const more = ids.length - NAMED_MOST;
  return `${ids.slice(0, NAMED_MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
