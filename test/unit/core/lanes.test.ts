import { describe, expect, it } from '@jest/globals';
import {
  LANE_HORIZON_MS,
  LANE_TAKES_TICKETS,
  type Lane,
  TICKET_LEAD_MS,
  ticketLedger,
} from '../../../core/lanes.ts';

const IN_ORDER: readonly Lane[] = ['pause', 'delete', 'edit', 'bulk'];

describe('lanes', () => {
  it('let whoever goes first look further ahead than everybody behind', () => {
    const horizons = IN_ORDER.map((lane) => LANE_HORIZON_MS[lane]);
    expect(horizons).toEqual([...new Set(horizons)].sort((a, b) => b - a));
  });

  it('keep a pause within ten seconds, with nothing before it but what was reserved', () => {
    expect(LANE_HORIZON_MS.pause).toBeLessThan(10_000);
    expect(LANE_TAKES_TICKETS.pause).toBe(false);
  });

  it('bring a caller back while it can still reserve the time of its ticket', () => {
    for (const lane of IN_ORDER) expect(TICKET_LEAD_MS).toBeLessThan(LANE_HORIZON_MS[lane]);
  });

  it('draw each lane’s tickets from a ledger of its own', () => {
    expect(new Set(IN_ORDER.map(ticketLedger)).size).toBe(IN_ORDER.length);
  });
});
