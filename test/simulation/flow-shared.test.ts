import { effectsOf, SharedMemory, sharedOver } from '../../lab/simulator/flow/shared-memory.ts';
import { describeShared } from '../ports/shared.ts';

describeShared('in the simulator', async () => {
  const memories = new Map<string, SharedMemory>();
  return {
    sharedOf: (pipelineId) => {
      const memory = memories.get(pipelineId) ?? new SharedMemory();
      memories.set(pipelineId, memory);
      return sharedOver(effectsOf(memory), async (_name, _signal, effect) => effect());
    },
    pullTurns: async (pipelineId, endedMs, untilMs) => memories.get(pipelineId)?.pullTurns(endedMs, untilMs),
    stop: async () => {},
  };
});
