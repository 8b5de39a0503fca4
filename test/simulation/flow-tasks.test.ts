import { describeFlow } from './keep-flow.ts';

describeFlow({
  fates: 80,
  attempts: 120,
  'done once': 70,
  'one at a time by lease': 70,
  'one at a time by reservation': 50,
  'one at a time on a good day': 40,
});
