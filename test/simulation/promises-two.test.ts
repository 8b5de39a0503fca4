import { describePromises } from './keep-promises.ts';

describePromises(751, 750);
