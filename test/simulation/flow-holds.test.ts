import { describeFlow } from './keep-flow.ts';

describeFlow({
  'refused by the other side': 60,
  'refused while all goes wrong': 60,
  'refused for a day': 6,
  'holds ended by hand': 20,
  'an API that allows less': 20,
  'an API that allows the limit': 15,
  'an outage': 30,
  'an outage while all goes wrong': 30,
  'outages of an API that errs': 8,
  'a breaker forced closed': 5,
  'a breaker forced open': 10,
});
