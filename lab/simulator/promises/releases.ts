import { type ReleaseLine, reaches } from '../../../core/release/line.ts';
import { isOpen, type ReleaseRecord } from '../../../core/release/record.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import type { History, Write } from '../history.ts';
import { CODE_KEY } from '../world/world.ts';

/** A run gives its pipeline the release that the line admitted to it when the run read it, and no other. */
export function onlyWhatIsAdmitted(history: History): readonly string[] {
  const claims = history.writes.flatMap((write) => {
    const target = unpinnedTarget(write);
    // Whoever only leaves word writes the run of somebody else.
    const isNew = write.by === 'Claim' && (write.record.run?.startedAtMs ?? 0) >= write.sinceMs;
    if (target === undefined || !isNew) return [];
    const lines = linesWithin(history, write.sinceMs, write.atMs);
    if (lines.some((line) => mayHave(line, write.record).includes(target.version))) return [];
    const { pipelineId } = write.record;
    return [`${pipelineId}: a run was to bring ${target.version}, which was not admitted to it`];
  });
  const given = history.releases.given.flatMap(({ pipelineId, version, owner, atMs }) => {
    const { record } = lastWrite(history, pipelineId, atMs) ?? {};
    const isOwn = record?.lease?.owner === owner && record.run?.target?.code.version === version;
    return isOwn || owner === 'hand' ? [] : [`${pipelineId}: ${owner} gave it ${version}, past its run`];
  });
  return [...claims, ...given, ...badOnesGiven(history)];
}

/** What does not even start by itself comes to nobody who has not asked for it. */
function badOnesGiven(history: History): string[] {
  const unsound = new Set(
    history.done.flatMap(({ deed, version }) =>
      deed.kind === 'upload' && (deed.like === 'failsTrial' || deed.like === 'unreadable') ? [version] : [],
    ),
  );
  return history.writes.flatMap((write) => {
    const target = unpinnedTarget(write);
    return target !== undefined && unsound.has(target.version)
      ? [`${write.record.pipelineId}: got ${target.version}, which is rejected`]
      : [];
  });
}

function unpinnedTarget({ record }: Write) {
  const { target } = record.run ?? {};
  if (target === undefined || target.wanted.codeVersion !== undefined) return undefined;
  return target.code.key === CODE_KEY ? target.code : undefined;
}

/** All lines that somebody may have read in a span of time. */
function linesWithin({ releases: { lines } }: History, fromMs: number, toMs: number): ReleaseLine[] {
  return lines
    .filter(({ atMs }, at) => atMs <= toMs && (lines[at + 1]?.atMs ?? Number.POSITIVE_INFINITY) >= fromMs)
    .map(({ line }) => line);
}

function mayHave({ next, stable, kept }: ReleaseLine, { pipelineId, run, applied }: StatusRecord): unknown[] {
  const canary = run?.target?.wanted.canary === true;
  if (next !== undefined && reaches(next, { pipelineId, canary })) return [next.version];
  const own = applied?.code.key === CODE_KEY ? applied.code.version : undefined;
  // Whoever has one that was superseded, or the one on its way, keeps it.
  return own !== undefined && (own === next?.version || kept.includes(own)) ? [own] : [stable];
}

function lastWrite({ writes }: History, pipelineId: string, atMs: number): Write | undefined {
  return writes.findLast((write) => write.record.pipelineId === pipelineId && write.atMs <= atMs);
}

/** At rest all who follow a key run one release; a mix is marked by a release that was stopped by hand. */
export function oneReleaseOrMarked(history: History): readonly string[] {
  const { world, names, releases } = history;
  const line = releases.lines.at(-1)?.line;
  const versions = new Set(names.flatMap((name) => versionOf(world.statuses.records.get(name))));
  const marked = [line?.next?.version, ...(line?.kept ?? [])].filter((version) => {
    const record = version && world.releases.read(CODE_KEY, version);
    return record && (record.state === 'Aborted' || record.paused);
  });
  const mixed =
    versions.size > 1 && marked.length === 0
      ? [`${[...versions].join(' and ')} run, and no release was stopped`]
      : [];
  const { version = '' } = line?.next ?? {};
  const stale =
    line?.next !== undefined && !marked.includes(version)
      ? [`${version} is on its way for ever: ${world.releases.read(CODE_KEY, version)?.state}`]
      : [];
  const left = world.releases.records
    .filter((record) => isOpen(record) && record.wave >= 0 && record.version !== version)
    .map((record) => `${record.version} is ${record.state}, and not on its way`);
  return [
    ...mixed,
    ...stale,
    ...left,
    ...world.releases.records.flatMap((record) => untold(history, record)),
  ];
}

/** Programs were told how each release stands; the same may be told twice, and late. */
function untold({ world }: History, { version, state, codeKey }: ReleaseRecord): string[] {
  const told = world.events.published.some(
    ({ detail }) => detail.version === version && detail.codeKey === codeKey && detail.state === state,
  );
  return told ? [] : [`release ${version} is ${state}, and nobody was told`];
}

function versionOf(status: StatusRecord | undefined): string[] {
  if (status?.phase !== 'Active' && status?.phase !== 'Paused') return [];
  const { wanted, code } = status.applied ?? {};
  return wanted?.codeVersion === undefined && code?.key === CODE_KEY ? [code.version] : [];
}

/** However late and often uploads are told of: no older release takes the place of a newer one, unless somebody asks. */
export function neverOlderAfterNewer({ releases: { lines }, done }: History): readonly string[] {
  let newest = { order: 0, atMs: 0 };
  let before: string | undefined;
  return lines.flatMap(({ atMs, line: { next } }) => {
    if (next === undefined || next.version === before) {
      before = next?.version;
      return [];
    }
    before = next.version;
    const order = orderOf(next.version);
    if (order > newest.order) {
      newest = { order, atMs };
      return [];
    }
    const wasAsked = done.some(
      ({ deed, atMs: askedMs }) => deed.kind === 'control' && deed.action === 'retry' && askedMs <= atMs,
    );
    return wasAsked ? [] : [`${next.version} is admitted after v${newest.order}`];
  });
}

function orderOf(version: string): number {
  return Number(version.slice(1));
}
