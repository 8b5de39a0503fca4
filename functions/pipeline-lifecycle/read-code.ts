import type { CodeObject, Ports } from '../../aws/ports.ts';
import { readLine } from '../../aws/release-lines.ts';
import type { Wanted } from '../../core/config-record.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import type { CodeRef } from '../../core/lifecycle/target.ts';
import type { Problem } from '../../core/problems.ts';
import { admittedVersion } from '../../core/release/line.ts';
import { isOpen, rolloutName } from '../../core/release/record.ts';
import { appliedVersion } from '../../core/release/standing.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { StatusRecord } from '../../core/status-record.ts';

/** The code that a record's consumer is to run, or why there is none. */
export type AdmittedCode =
  | { readonly kind: 'code'; readonly code: CodeRef }
  | { readonly kind: 'none'; readonly problem: Problem };

/**
 * The code for this record: its pin, else the release admitted to it. Never simply what is newest in the
 * bucket: that may not have been tried yet, or have been rolled back.
 * @throws {NotYet} while the key's first release is being tried
 */
export async function readCode(
  wanted: Wanted,
  status: StatusRecord | undefined,
  ports: Ports,
  settings: StageSettings,
): Promise<AdmittedCode> {
  const { codeKey: key, codeVersion: pin, pipelineId } = wanted;
  const code = (version: string): AdmittedCode => ({ kind: 'code', code: { key, version } });
  const version = status && appliedVersion(status, key);
  if (pin !== undefined) {
    if (version === pin) return code(pin);
    const pinned = await ports.code.head(key, pin);
    return pinned === undefined ? none(wanted, settings, 'which is not there') : code(pinned.version);
  }
  const { line } = await readLine(key, ports);
  const admitted = admittedVersion(line, { pipelineId, canary: wanted.canary === true, version });
  if (admitted !== undefined) return code(admitted);
  const newest = await ports.code.head(key);
  if (newest === undefined) return none(wanted, settings, 'which is not there');
  return none(wanted, settings, await whyNotAdmitted(newest, ports, settings));
}

/**
 * Why an upload is not admitted, for people. Where nobody has taken it up yet, its event was lost or is on its
 * way: then its rollout is started here, which for each release can be done once.
 */
async function whyNotAdmitted(newest: CodeObject, ports: Ports, settings: StageSettings): Promise<string> {
  const record = await ports.releases.read(newest.key, newest.version);
  if (record === undefined) {
    const release = { key: newest.key, version: newest.version };
    await ports.rollouts.start(rolloutName(release), release);
  }
  if (record === undefined || (isOpen(record) && !record.paused)) {
    throw new NotYet(settings.timings.functionPollSeconds);
  }
  if (record.paused) return 'whose rollout is paused';
  return `whose release is ${record.state}${record.reason === undefined ? '' : `: ${record.reason}`}`;
}

function none({ codeKey, codeVersion }: Wanted, settings: StageSettings, why: string): AdmittedCode {
  const bucket = settings.consumers.codeBucket;
  const problem: Problem = {
    path: codeVersion === undefined ? 'codeKey' : 'codeVersion',
    code: 'Missing',
    allowed: `code in the bucket ${bucket}`,
    given: `${codeKey}${codeVersion === undefined ? '' : ` in version ${codeVersion}`}, ${why}`,
    hint: `upload the consumer code to s3://${bucket}/${codeKey}; it is tried again by itself`,
  };
  return { kind: 'none', problem };
}
