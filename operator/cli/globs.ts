/** Whether a word stands for several ids: `*` for any characters, `?` for one. */
export function isGlob(word: string): boolean {
  return /[*?]/.test(word);
}

/** Whether an id fits any of the words; without words every id does. Upper and lower case differ. */
export function matcherOf(words: readonly string[]): (id: string) => boolean {
  if (words.length === 0) return () => true;
  const patterns = words.map(
    (word) =>
      new RegExp(
        `^${word
          .split(/([*?])/)
          .map(partOf)
          .join('')}$`,
      ),
  );
  return (id) => patterns.some((pattern) => pattern.test(id));
}

function partOf(part: string): string {
  if (part === '*') return '.*';
  if (part === '?') return '.';
  return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
}
