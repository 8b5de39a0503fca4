import { computed, effect, signal } from '@preact/signals';
import { isTouched, type RecordDraft } from './draft.ts';

/** Under which the draft of a pipeline stands that is not there yet: no pipeline has this id. */
export const NEW = '';

/** Records that are edited, by pipeline: they outlive the screen on which that was done, not the page. */
export const drafts = signal<ReadonlyMap<string, RecordDraft>>(new Map());

/** Whose edits are not saved. */
export const unsaved = computed(() =>
  [...drafts.value].filter(([, draft]) => isTouched(draft)).map(([pipelineId]) => pipelineId),
);

export function keepDraft(pipelineId: string, draft: RecordDraft): void {
  if (drafts.peek().get(pipelineId) === draft) return;
  drafts.value = new Map(drafts.peek()).set(pipelineId, draft);
}

export function dropDraft(pipelineId: string): void {
  const others = new Map(drafts.peek());
  if (others.delete(pipelineId)) drafts.value = others;
}

/** Nobody looks at it any more: only what was edited is worth keeping. */
export function leaveDraft(pipelineId: string): void {
  if (!unsaved.peek().includes(pipelineId)) dropDraft(pipelineId);
}

/** Has the browser ask before the page is closed or loaded again, as long as an edit would be lost by it. */
export function warnOfLosses(window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>): void {
  const ask = (event: Event) => event.preventDefault();
  effect(() => {
    if (unsaved.value.length > 0) window.addEventListener('beforeunload', ask);
    else window.removeEventListener('beforeunload', ask);
  });
}
