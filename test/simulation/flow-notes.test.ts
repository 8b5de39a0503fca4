import { NotesMemory, notesEffectsOf, notesOver } from '../../lab/simulator/flow/notes-memory.ts';
import { describeNotes } from '../ports/notes.ts';

describeNotes('in the simulator', async () => {
  const memory = new NotesMemory();
  return {
    notes: notesOver(notesEffectsOf(memory), async (_name, _signal, effect) => effect()),
    shard: async (partsId, shard) => memory.shard(partsId, shard),
    hasEnded: async (partsId) => memory.hasEnded(partsId),
    stop: async () => {},
  };
});
