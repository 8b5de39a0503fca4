import type { ComponentChildren } from 'preact';
import { ApiFault } from '../state/api.ts';

/** While something is on its way: its shape, without its content. */
export function Loading({ what, lines = 5 }: { readonly what: string; readonly lines?: number }) {
  return (
    <div class="loading" role="status">
      <span class="unseen">Loading {what}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} class="loading-line" aria-hidden="true" />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** It is all of the screen. */
  readonly isScreen?: boolean;
  readonly children?: ComponentChildren;
}

/** There is nothing, and that is fine: what it would be, and how to get it. */
export function Empty({ title, isScreen = false, children }: EmptyProps) {
  return (
    <div class="empty">
      {isScreen ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

/** It could not be had. */
export function Failed({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const isGone = error instanceof ApiFault && (error.status === 0 || error.status === 503);
  return (
    <div class="failed" role="alert">
      <h2>{isGone ? 'The stage does not answer' : 'That did not work'}</h2>
      <p>{error.message}</p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}
