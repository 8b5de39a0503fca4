import { beforeEach, describe, expect, it } from '@jest/globals';
import { begun, edited, saved } from '../../../../../operator/ui/page/pipeline/draft.ts';
import {
  drafts,
  dropDraft,
  keepDraft,
  leaveDraft,
  unsaved,
  warnOfLosses,
} from '../../../../../operator/ui/page/pipeline/drafts.ts';

const untouched = begun({ record: { pipelineId: 'a' }, standing: 'v1' });
const touched = edited(untouched, { pipelineId: 'a', concurrency: 3 });

beforeEach(() => {
  drafts.value = new Map();
});

describe('edits that are not saved', () => {
  it('outlive their screen, and nothing else does', () => {
    keepDraft('a', touched);
    keepDraft('b', untouched);
    leaveDraft('a');
    leaveDraft('b');
    expect([...drafts.value]).toEqual([['a', touched]]);
    expect(unsaved.value).toEqual(['a']);
    dropDraft('a');
    expect(unsaved.value).toEqual([]);
  });

  it('are asked for before the page goes, as long as there are any', () => {
    const asking = new Set<unknown>();
    let isPrevented = false;
    warnOfLosses({
      addEventListener: (_type: string, listener: unknown) => asking.add(listener),
      removeEventListener: (_type: string, listener: unknown) => asking.delete(listener),
    } as never);
    expect(asking.size).toBe(0);
    keepDraft('a', touched);
    keepDraft('b', edited(untouched, { pipelineId: 'b' }));
    expect(asking.size).toBe(1);
    const [ask] = asking as Set<(event: { preventDefault(): void }) => void>;
    ask?.({
      preventDefault: () => {
        isPrevented = true;
      },
    });
    expect(isPrevented).toBe(true);
    keepDraft('a', saved(touched, 'v2'));
    dropDraft('b');
    expect(asking.size).toBe(0);
  });
});
