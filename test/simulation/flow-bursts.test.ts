import { describeFlow } from './keep-flow.ts';

describeFlow({ bursts: 120, 'bursts whose notes fail': 60 });
