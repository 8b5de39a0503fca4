import { useEffect, useRef, useState } from 'preact/hooks';
import type { BurstOutlook } from '../../../../core/burst/foresee.ts';
import { get, pipelinePath } from '../state/api.ts';
import { rows } from '../state/live.ts';
import { useSignalValue } from '../state/signal-value.ts';

interface Known {
  readonly of: string;
  readonly outlook?: BurstOutlook;
  /** Why it takes no burst now. */
  readonly fault?: string;
}

/** What bounds the bursts of a pipeline, once its name is complete; anew when something else stops it, or nothing more. */
export function useOutlook(pipelineId: string, measured?: (taskSeconds: number) => void): Omit<Known, 'of'> {
  const [known, setKnown] = useState<Known>();
  const told = useRef('');
  const verdict = useSignalValue(rows).get(pipelineId)?.verdict.kind;
  const isThere = verdict !== undefined;
  const stop = verdict !== undefined && STOPPING.has(verdict) ? verdict : '';
  useEffect(() => {
    if (!isThere) return;
    let isOver = false;
    get<BurstOutlook>(pipelinePath(pipelineId, '/outlook'))
      .then((outlook) => {
        if (isOver) return;
        setKnown({ of: pipelineId, outlook });
        // Once: what somebody has set since then stays.
        if (told.current !== pipelineId && outlook.measured) measured?.(outlook.measured.meanSeconds);
        told.current = pipelineId;
      })
      .catch((error: Error) => {
        if (!isOver) setKnown({ of: pipelineId, fault: error.message });
      });
    return () => {
      isOver = true;
    };
  }, [pipelineId, isThere, stop]);
  return known?.of === pipelineId ? known : {};
}

/** Under which nothing starts. */
const STOPPING: ReadonlySet<string> = new Set(['paused', 'forcedOpen', 'breakerOpen', 'held']);
