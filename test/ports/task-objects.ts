import { describe, expect, it } from '@jest/globals';
import type { TaskLine, TaskObjects } from '../../aws/ports.ts';
import { freshId, type GetWorld } from './world.ts';

type Source = Parameters<TaskObjects['lines']>[0];

export function describeTaskObjects(world: GetWorld): void {
  const objects = () => world().ports.taskObjects;

  describe('tasks in objects', () => {
    async function put(text: string): Promise<Source> {
      const key = `${freshId()}.jsonl`;
      const bucket = await world().putTasks(key, text);
      const found = await objects().find(bucket, key);
      if (found === undefined) throw new Error('it was put there');
      expect(found.bytes).toBe(Buffer.byteLength(text));
      const { bytes: _bytes, ...same } = found;
      return { kind: 'object', bucket, key, ...same, isOwn: false };
    }

    async function read(source: Source, fromByte = 0): Promise<TaskLine[]> {
      const lines: TaskLine[] = [];
      for await (const line of objects().lines(source, fromByte)) lines.push(line);
      return lines;
    }
    const texts = (lines: readonly TaskLine[]) => lines.map(({ text }) => text);

    it.each([
      ['one that ends each line', 'a\nb\n', ['a', 'b']],
      ['a last line without an end', 'a\nb', ['a', 'b']],
      ['Windows’ line ends', 'a\r\nb\r\n', ['a', 'b']],
      ['empty lines', '\na\n\n', ['', 'a', '']],
      ['an empty object', '', []],
      ['letters of several bytes', '{"ü":"\u2028漢🜁"}\nb\n', ['{"ü":"\u2028漢🜁"}', 'b']],
    ])('are read line by line: %s', async (_what, text, lines) => {
      expect(texts(await read(await put(text)))).toEqual(lines);
    });

    it('are read on from where any line ended, to the same lines', async () => {
      const source = await put(Array.from({ length: 40 }, (_, i) => `{"läuft":${i}}\n`).join(''));
      const all = await read(source);
      expect(all).toHaveLength(40);
      for (const [at, { endByte }] of all.entries()) {
        expect(await read(source, endByte)).toEqual(all.slice(at + 1));
      }
    });

    it('are read however many there are and wherever they are cut', async () => {
      const lines = Array.from({ length: 3_000 }, (_, i) => `${i}:${'é'.repeat(i % 997)}`);
      const text = `${lines.join('\n')}\n`;
      const read3000 = await read(await put(text));
      expect(texts(read3000)).toEqual(lines);
      expect(read3000.at(-1)?.endByte).toBe(Buffer.byteLength(text));
    });

    it('come cut off where a line is longer than SQS takes, and the next line is whole', async () => {
      const [long, next] = await read(await put(`${'x'.repeat(3 * 2 ** 20)}\nnext`));
      expect(long?.text.length).toBe(2 * 2 ** 20);
      expect(long?.endByte).toBe(3 * 2 ** 20 + 1);
      expect(next?.text).toBe('next');
    });

    it('are those that were there first: another object under the key is refused', async () => {
      const source = await put('a\n');
      await world().putTasks(source.key, 'other\n');
      const gone = { ...source, key: `${source.key}-gone` };
      for (const one of [source, gone]) {
        await expect(read(one)).rejects.toMatchObject({
          name: 'AwsError',
          code: 'SourceChanged',
          retryable: false,
        });
      }
    });

    it('that are nowhere are not found', async () => {
      expect(await objects().find(await world().putTasks('x', 'x'), freshId())).toBeUndefined();
      expect(await objects().find('no-such-bucket', 'x')).toBeUndefined();
    });

    it('that Sluice keeps are read as they were given, and are gone when they are removed', async () => {
      const lines = ['{"a":1}', '"ü"', '3'];
      const burstId = `${freshId()} / ü#?`;
      const source = await objects().keep(burstId, lines);
      expect(source.isOwn).toBe(true);
      expect(await objects().keep(burstId, lines)).toEqual(source);
      const other = await objects().keep(burstId, ['other']);
      expect(texts(await read(source))).toEqual(lines);
      expect(texts(await read(other))).toEqual(['other']);
      await objects().remove(source);
      await objects().remove(source);
      await expect(read(source)).rejects.toMatchObject({ code: 'SourceChanged' });
    });
  });
}
