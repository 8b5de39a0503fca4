import { describeFlow } from './keep-flow.ts';

describeFlow({
  'rates by the ledger': 170,
  'rates by slots': 90,
  'rates by slots that die': 90,
  'a full queue by the ledger': 40,
  'a full queue by slots': 20,
  'a full queue of seldom tasks': 25,
  'a full queue and little time': 40,
  'a backlog': 10,
});
