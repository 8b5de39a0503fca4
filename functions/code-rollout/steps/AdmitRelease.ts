import type { Ports } from '../../../aws/ports.ts';
import { type AdmittedRelease, releaseFact } from '../../../core/code-release.ts';
import type { RolloutState } from '../../../core/code-rollout.ts';

/**
 * Admits what the key holds now, which may be newer than the upload that started this rollout. Whoever
 * asks for the key's release from now on gets this one. The fact is read before the object is looked at and
 * written only if nobody wrote it since, so an older release never comes after a newer one.
 */
export async function admitRelease(state: RolloutState, ports: Ports): Promise<RolloutState> {
  const { key } = state;
  for (;;) {
    const fact = await ports.ledgers.read(releaseFact(key));
    const current = await ports.code.head(key);
    if (current === undefined) {
      ports.log.info('the object is gone', { key });
      return { ...state, outcome: 'superseded' };
    }
    const { version } = current;
    const admitted: RolloutState = { ...state, version, outcome: 'done' };
    if ((fact?.value as AdmittedRelease | undefined)?.version === version) return admitted;
    const release: AdmittedRelease = {
      key,
      version,
      admittedAt: new Date(ports.clock.nowMs()).toISOString(),
    };
    if ((await ports.ledgers.write(releaseFact(key), release, fact?.revision ?? 0)) === 'written') {
      ports.log.info('admitted', { key, version });
      return admitted;
    }
  }
}
