import { describePorts } from '../ports/describe-ports.ts';
import { makeSimulatedWorld, SIMULATED_CAPABILITIES } from './port-world.ts';

describePorts('the simulator', SIMULATED_CAPABILITIES, async () => makeSimulatedWorld());
