import { type Bug, inSteps, instead, timing } from './patches.ts';

/** Bugs in what becomes of tasks. */
export const TASK_BUGS: Readonly<Record<string, Bug>> = {
  deleteWithoutDrain: {
    what: 'a teardown deletes at once, without a look at what is in the queues',
    breaks: '3 no task lost',
    patch: {
      ...instead('AfterClaim', 'drain', 'DeleteMapping'),
      ...inSteps(
        'queues',
        (queues) => ({
          read: async (url) => {
            const state = await queues.read(url);
            return state && { ...state, counts: { visible: 0, delayed: 0, inFlight: 0 } };
          },
        }),
        ['DeleteQueues'],
      ),
    },
  },
  salvageSkipsInFlight: {
    what: 'delayed and in-flight messages do not count',
    breaks: '3 no task lost',
    patch: inSteps('queues', (queues) => ({
      read: async (url) => {
        const state = await queues.read(url);
        return state && { ...state, counts: { ...state.counts, delayed: 0, inFlight: 0 } };
      },
    })),
  },
  salvageDeletesFirst: {
    what: 'salvage deletes messages before it has written them',
    breaks: '3 no task lost',
    patch: inSteps(
      'queues',
      (queues) => ({
        receive: async (url, seconds) => {
          const messages = await queues.receive(url, seconds);
          if (messages.length > 0) {
            await queues.deleteMessages(
              url,
              messages.map(({ receipt }) => receipt),
            );
          }
          return messages;
        },
        deleteMessages: async () => [],
      }),
      ['Salvage'],
    ),
  },
  emptyOnce: {
    what: 'one count of 0 is taken for an empty queue, at once after it was closed',
    breaks: '3 no task lost',
    foundBySeed: 216,
    patch: timing({ policyPropagationSeconds: 0, emptySpanSeconds: 0 }),
  },
};
