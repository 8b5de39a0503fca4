import type { History } from './history.ts';

/** What stories were about, added up: so that nobody takes a run without events for a proof. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add({ world, writes, struck, done }: History): void {
    this.#count('stories', 1);
    this.#count('deeds', done.length);
    this.#count('faults planned and met', struck);
    this.#count('executions', world.executions.started.size);
    this.#count('calls that change something', world.calls.log.filter(({ mutates }) => mutates).length);
    this.#count('tasks', world.book.fates.size);
    this.#count('attempts', world.book.runs.length);
    for (const { state, paused, redriven = 0 } of world.releases.records) {
      this.#count(`releases ${paused ? 'paused' : state}`, 1);
      this.#count('tasks sent again after a rollback', redriven);
    }
    for (const lines of world.salvage.objects.values()) this.#count('tasks in salvage', lines.length);
    for (const { record, by, atMs } of writes) {
      if (by === 'Claim' && record.run?.step === 'Claim') this.#count(`${record.run.kind} runs`, 1);
      if (by === 'Settle' && record.lease === undefined) {
        this.#count(`settled ${record.phase}`, 1);
        if (record.hold !== undefined) this.#count(`settled at rest: ${record.hold.cause}`, 1);
        if (record.applied?.lease) this.#count('settled with a lease for one at a time', 1);
      }
      // A look writes it within a call's time.
      if (by === 'reconciler' && Date.parse(record.measured?.at ?? '') > atMs - 10_000)
        this.#count('durations measured', 1);
      if (by === 'RecordFailure' || by === 'Claim') {
        if (record.phase === 'Failed' || record.phase === 'Rejected') this.#count(record.phase, 1);
      }
    }
  }

  lines(): string[] {
    return [...this.#counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, count]) => `${String(count).padStart(9)}  ${what}`);
  }

  #count(what: string, more: number): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + more);
  }
}
