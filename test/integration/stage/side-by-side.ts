import { beforeAll, it } from '@jest/globals';

/**
 * Tests of pipelines that have nothing to do with each other and mostly wait: all are begun together, and each
 * passes or fails by itself.
 * @param stories by their titles
 */
export function sideBySide(stories: Readonly<Record<string, () => Promise<void>>>, limitSeconds = 120): void {
  const running = new Map<string, Promise<void>>();
  beforeAll(() => {
    for (const [title, story] of Object.entries(stories)) {
      const told = story();
      told.catch(() => {}); // its own test says so
      running.set(title, told);
    }
  });
  it.each(Object.keys(stories))('%s', (title) => running.get(title), limitSeconds * 1000);
}
