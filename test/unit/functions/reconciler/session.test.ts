import { describe, expect, it } from '@jest/globals';
import { createSession } from '../../../../functions/reconciler/session.ts';
import { run, stageWith } from '../simulated-stage.ts';

describe('a tick of the reconciler', () => {
  it('reads a fact once, again where it has written it, and again where it could not be read', async () => {
    const world = await stageWith();
    world.ledgers.write('fact', 1, 0);
    let reads = 0;
    const values = await run(
      world,
      async (ports, deadlineMs) => {
        const { ledgers } = createSession(ports, world.settings, deadlineMs).ports;
        const read = () =>
          ledgers.read('fact').then(
            (fact) => fact?.value,
            () => 'no answer',
          );
        const first = await Promise.all([read(), read()]);
        const second = await Promise.all([read(), read()]);
        await ledgers.write('fact', 2, 1);
        return [...first, ...second, await read()];
      },
      {
        ports: (ports) => ({
          ...ports,
          ledgers: Object.assign(Object.create(ports.ledgers), {
            read: (id: string) => {
              reads += 1;
              return reads === 1 ? Promise.reject(new Error('no answer')) : ports.ledgers.read(id);
            },
          }),
        }),
      },
    );
    expect([values, reads]).toEqual([['no answer', 'no answer', 1, 1, 2], 3]);
  });
});
