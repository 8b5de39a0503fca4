import { redriveStateSchema } from '../../core/redrive/redrive-state.ts';
import { describeOneStepMachine } from './one-step-machine.ts';

describeOneStepMachine({
  what: 'the redrive machine',
  file: 'redrive.yml',
  step: 'RedriveLetters',
  input: { pipelineId: 'a' },
  parse: (state) => redriveStateSchema.parse(state),
  maxDelaySeconds: 60,
  functionSeconds: 60,
  over: 'somebody has stopped the redrive',
});
