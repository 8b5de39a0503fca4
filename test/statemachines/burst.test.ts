import { burstStateSchema } from '../../core/burst/burst-state.ts';
import { describeOneStepMachine } from './one-step-machine.ts';

describeOneStepMachine({
  what: 'the burst machine',
  file: 'burst.yml',
  step: 'SendSlice',
  input: { burstId: 'a' },
  parse: (state) => burstStateSchema.parse(state),
  maxDelaySeconds: 60,
  functionSeconds: 300,
  over: 'the burst is paused',
});
