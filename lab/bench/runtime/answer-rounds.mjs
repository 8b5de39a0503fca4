/**
 * `node answer-rounds.mjs BUNDLE`, with a channel to its parent: answers lists of events as often as it is asked to, and
 * says how much CPU time each round took, microseconds.
 */
const { handler } = await import(process.argv[2]);
const call = { awsRequestId: '25bd1f0e-64a4-4d6c-9a4e-1d6a3c1c8a11', getRemainingTimeInMillis: () => 30_000 };

// Lines are made, and go nowhere: where they would go is the same for all, and would be most of what is measured.
process.stdout.write = () => true;

let events = [];
process.on('message', async (message) => {
  if (message.events !== undefined) {
    events = message.events;
    process.send({ kind: 'ready' });
    return;
  }
  const before = process.cpuUsage();
  for (const event of events) {
    const answer = await handler(event, call);
    if (answer.batchItemFailures.length > 0) throw new Error('a task failed');
  }
  const { user, system } = process.cpuUsage(before);
  process.send({ kind: 'round', cpuMicroseconds: user + system });
});
