import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createBursts } from '../../../../../../aws/bursts.ts';
import { createLedgers } from '../../../../../../aws/ledgers.ts';
import { createWholeTables } from '../../../../../../aws/whole-tables.ts';
import { stageNames } from '../../../../../../core/names.ts';
import { projectRoot } from '../../../../../../lab/local-stage/paths.ts';
import { createPipelineDesk } from '../../../../../../operator/desk/pipelines.ts';
import { withPriceTable } from '../../../../../../operator/ui/price-table.ts';
import { LOOKS_A_TICK, TICK_MS } from '../../../../../../operator/ui/server/live/choose.ts';
import {
  CALLS_A_READING,
  priceLooking,
  REQUESTS_A_LOOK,
} from '../../../../../../operator/ui/server/live/price.ts';
import { type FakeAws, startFakeAws } from '../../../../aws/fake-aws.ts';
import { stageWith } from '../../../../functions/simulated-stage.ts';
import { atDesk } from '../../../desk/people.ts';
import { stageOfFakes } from '../../../desk/stage-of-fakes.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

describe('what an open page asks of a stage', () => {
  it('is so many requests for each pipeline that is looked at, as docs/page.md reckons', async () => {
    const world = await stageWith({ pipelineId: 'a' }, { pipelineId: 'b' }, { pipelineId: 'c' });
    const asked = await atDesk(world, async (desk) => {
      await desk.overview('none');
      const before = world.calls.log.length;
      await desk.look(['a', 'b', 'c']);
      return world.calls.log.slice(before).map(({ operation }) => operation);
    });
    expect(asked).toEqual(Array(3 * REQUESTS_A_LOOK).fill('queues.read'));
  });

  it('is so many calls for each reading of all records, whatever is in them', async () => {
    const { documents } = aws.clients;
    const { tables } = stageNames('dev');
    const clock = { nowMs: () => 0, sleep: async () => undefined };
    const ports = {
      ledgers: createLedgers(documents, tables.ledgers, 1_000),
      bursts: createBursts(documents, tables.bursts, clock),
      tables: createWholeTables(documents, tables),
      accountRunning: async () => undefined,
    };
    await createPipelineDesk(stageOfFakes({ ports })).overview([]);
    const calls: Record<string, number> = {};
    for (const { call } of aws.seen) calls[call] = (calls[call] ?? 0) + 1;
    expect(calls).toEqual(CALLS_A_READING);
  });

  it('has a bound, however many pipelines there are', () => {
    const most = priceLooking(100_000);
    expect(most.looksASecond).toBe((LOOKS_A_TICK * 1000) / TICK_MS);
    expect(most.usdAnHour).toBeLessThan(0.25);
    expect(priceLooking(10).usdAnHour).toBeLessThan(0.05);
  });

  it('stands in docs/page.md as it is reckoned now (npm run docs:generate)', () => {
    const page = readFileSync(join(projectRoot, 'docs/page.md'), 'utf8');
    expect(page).toBe(withPriceTable(page));
  });
});
