import { describe, expect, it } from '@jest/globals';
import { type Given, givenFile, readOwnTasks } from '../../../../../operator/ui/page/bursts/own-tasks.ts';
import { NO_OUTLOOK, tryOut } from '../../../../../operator/ui/page/bursts/try-out.ts';

const text = (lines: string): Given => ({ kind: 'text', text: lines });
const fileOf = (content: string, size = content.length) => ({
  name: 'tasks.jsonl',
  size,
  arrayBuffer: async () => new TextEncoder().encode(content).buffer,
});

describe('tasks of one’s own', () => {
  it('are read where they are written, and from a file', async () => {
    const read = {
      kind: 'tasks',
      tasks: [{ page: 1, estimatedSeconds: 4 }, 2],
      said: [{ estimatedSeconds: 4 }, {}],
    };
    const lines = '{"page":1,"estimatedSeconds":4}\n\n2\n';
    expect(readOwnTasks(text(lines))).toEqual(read);
    expect(readOwnTasks(await givenFile(fileOf(lines)))).toEqual(read);
  });

  it('are none as long as nothing is written', () => {
    expect(readOwnTasks(text(' \n'))).toEqual({ kind: 'none' });
  });

  it('that are none are told by their lines', () => {
    expect(readOwnTasks(text('1\n{\n'))).toMatchObject({
      kind: 'bad',
      lines: { tasks: 1, badLines: 1, bad: [{ line: 2 }] },
    });
  });

  it.each<[string, Given | Promise<Given>, RegExp]>([
    ['more bytes than a body takes', text('"x"\n'.repeat(1_000_001)), /more than 4 MB/],
    ['a file of more, which is not even read', givenFile(fileOf('1', 4_000_001)), /more than 4 MB/],
    ['more tasks', text('1\n'.repeat(50_001)), /more than 50,000 tasks/],
    [
      'numbers that would change on their way',
      text('1\n12345678901234567890'),
      /^Line 2 .* write it as a text/,
    ],
  ])('of which there are too many are left to other ways: %s', async (_, given, says) => {
    expect(readOwnTasks(await given)).toEqual({ kind: 'elsewhere', says: expect.stringMatching(says) });
  });

  it('are predicted by what they say of themselves, and the others by what a task takes', () => {
    const tried = (said?: readonly { estimatedSeconds?: number }[]) =>
      tryOut({ count: 2, goal: undefined, taskSeconds: 2, outlook: NO_OUTLOOK, ...(said && { said }) }).plan;
    const both = tried([{ estimatedSeconds: 60 }, { estimatedSeconds: 60 }]);
    expect(both).toMatchObject({ estimate: { source: 'tasks', meanSeconds: 60 } });
    expect(both.predicted.finishSeconds).toBeGreaterThan(55);
    expect(tried([{ estimatedSeconds: 60 }, {}]).estimate.meanSeconds).toBe(31);
    expect(tried([{}, {}]).estimate).toMatchObject({ source: 'measured', meanSeconds: 2 });
    expect(tried([{}, {}]).predicted).toEqual(tried().predicted);
  });

  it('fifty thousand are read and planned at once', () => {
    const own = readOwnTasks(text('{"estimatedSeconds":1.5,"page":1}\n'.repeat(50_000)));
    if (own.kind !== 'tasks') throw new Error(own.kind);
    const beganMs = performance.now();
    tryOut({
      count: 50_000,
      goal: { maxConcurrency: 5 },
      taskSeconds: 1,
      outlook: NO_OUTLOOK,
      said: own.said,
    });
    // Of a machine that does much else; a slider that is moved asks anew each time.
    expect(performance.now() - beganMs).toBeLessThan(2_000);
  });
});
