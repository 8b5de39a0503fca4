import { jest } from '@jest/globals';
import { describePorts } from '../ports/describe-ports.ts';
import { EMULATOR_CAPABILITIES, makeEmulatorWorld } from './emulator-world.ts';

jest.setTimeout(90_000);

describePorts('the local stage', EMULATOR_CAPABILITIES, makeEmulatorWorld);
