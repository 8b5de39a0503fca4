import type { ConsumerLimits } from '../../../../core/flow/limits.ts';
import type { Patch } from '../scenario.ts';
import type { FlowBug } from './bug.ts';

type LedgerPace = ConsumerLimits['pace'] & { readonly kind: 'ledger' };

function ledgerAs(change: (pace: LedgerPace) => Partial<LedgerPace>): Patch {
  return {
    limits: (limits) =>
      limits.pace.kind === 'ledger'
        ? { ...limits, pace: { ...limits.pace, ...change(limits.pace) } }
        : limits,
  };
}

/** Of the pace of starts. */
export const RATE_BUGS: Readonly<Record<string, FlowBug>> = {
  startsHoweverLate: {
    what: 'a start is made however late it comes',
    theme: 'rates by the ledger',
    checks: ['keepsRates'],
    patch: ledgerAs(() => ({ toleranceMs: Number.MAX_SAFE_INTEGER })),
  },
  spacedWithoutSlack: {
    what: 'starts are as close as the limit allows, as if none came late and all clocks were right',
    theme: 'rates by the ledger',
    checks: ['keepsRates'],
    patch: ledgerAs(({ spacingMs }) => ({ spacingMs: spacingMs / 1.022 })),
  },
  ledgerForgets: {
    what: 'the ledger hands out the same start twice now and then',
    theme: 'rates by the ledger',
    checks: ['keepsRates'],
    patch: {
      shared: (shared) => {
        let starts = 0;
        let last: ReturnType<typeof shared.takeTurn> | undefined;
        return {
          takeTurn: (request, ran) => {
            starts += 1;
            if (starts % 7 !== 0 || last === undefined) last = shared.takeTurn(request, ran);
            return last;
          },
        };
      },
    },
  },
  slotsRestTooShort: {
    what: 'slots rest a tenth less than they have to',
    theme: 'rates by slots',
    checks: ['keepsRates'],
    patch: {
      limits: (limits) =>
        limits.pace.kind === 'slots'
          ? { ...limits, pace: { ...limits.pace, holdMs: 0.9 * limits.pace.holdMs } }
          : limits,
    },
  },
  ticketsOfOneTime: {
    what: 'all tickets are of the same time',
    theme: 'a full queue of seldom tasks',
    checks: ['waitsCheaply'],
    patch: { shared: () => ({ drawTickets: ({ floorMs }) => floorMs }) },
  },
  earlyBirdsGoLast: {
    what: 'who is back for a start that its call has no time to wait for draws another ticket',
    theme: 'a full queue and little time',
    checks: ['reaches'],
    patch: {
      shared: (shared) => ({
        drawTickets: (request) => (request.line === 'placeMs' ? undefined : shared.drawTickets(request)),
      }),
    },
  },
  spacedTooFar: {
    what: 'starts are farther apart than they need to be',
    theme: 'a full queue by the ledger',
    checks: ['reaches'],
    patch: ledgerAs(({ spacingMs }) => ({ spacingMs: spacingMs * 1.03 })),
  },
};
