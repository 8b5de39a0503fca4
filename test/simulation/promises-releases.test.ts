import { describePromises } from './keep-promises.ts';

describePromises(1, 375, 'releases');
