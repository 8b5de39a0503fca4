import { describeFlow } from './keep-flow.ts';

describeFlow({
  bursts: 120,
  'bursts whose notes fail': 60,
  'bursts whose table is away for a while': 60,
  'bursts whose table is slow for a while': 60,
});
