import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { listen } from '../../../../functions/config-listener/listen.ts';

/** Step Functions as far as the listener sees it; `refuse` names pipelines whose runs cannot be started. */
function portsThat(refuse: readonly string[]) {
  const started: string[] = [];
  const ports = {
    executions: {
      async start(name: string, { pipelineId }: { pipelineId: string }) {
        if (refuse.includes(pipelineId)) throw new Error('throttled');
        const known = started.includes(name);
        started.push(name);
        return known ? 'already' : 'started';
      },
    },
    log: { info() {}, warn() {} },
  };
  return { ports: ports as unknown as Ports, started };
}

const change = (pipelineId: string, number: string) => ({
  pipelineId,
  eventId: `e${number}`,
  sequenceNumber: number,
});

describe('listen', () => {
  it('asks for the whole batch from the first change that no run could be started for', async () => {
    const { ports, started } = portsThat(['b', 'c']);
    const changes = [change('a', '98'), change('b', '99'), change('c', '100'), change('b', '101')];
    expect(await listen(changes, ports)).toEqual({ batchItemFailures: [{ itemIdentifier: '99' }] });
    expect(started).toEqual(['a-e98']);
  });

  it('compares sequence numbers as numbers, also where they are longer than a double holds', async () => {
    const { ports } = portsThat(['a', 'b']);
    const late = '1000000000000000000000000000000000000001';
    const early = '999999999999999999999999999999999999999';
    const result = await listen([change('a', late), change('b', early)], ports);
    expect(result.batchItemFailures).toEqual([{ itemIdentifier: early }]);
  });

  it('takes a run that was started before for a success', async () => {
    const { ports } = portsThat([]);
    for (let delivery = 0; delivery < 2; delivery += 1) {
      expect(await listen([change('a', '1')], ports)).toEqual({ batchItemFailures: [] });
    }
  });
});
