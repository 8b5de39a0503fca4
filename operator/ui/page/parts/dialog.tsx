import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface Asking {
  readonly title: string;
  /** What the button says that does it. */
  readonly deed: string;
  readonly isDestructive?: boolean;
  /** To be typed before it can be done: of what cannot be undone. */
  readonly typed?: string;
  /** False: it cannot be done as it stands; the children say why. */
  readonly isPossible?: boolean;
  readonly children: ComponentChildren;
  /** Closes when it is done; stays, and says why, when it throws. */
  act(): Promise<void>;
  close(): void;
}

/** Asks before something is done. */
export function Dialog({
  title,
  deed,
  isDestructive = false,
  typed,
  isPossible = true,
  children,
  act,
  close,
}: Asking) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [given, setGiven] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await act();
      close();
    } catch (error) {
      setFault((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <form onSubmit={submit}>
        <h2 id={id}>{title}</h2>
        <div class="dialog-body">{children}</div>
        {typed !== undefined && (
          <label class="dialog-typed">
            <span>
              Type <code>{typed}</code> to go on
            </span>
            <input
              value={given}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setGiven(event.currentTarget.value)}
            />
          </label>
        )}
        {fault !== undefined && (
          <p class="problem" role="alert">
            {fault}
          </p>
        )}
        <div class="dialog-deeds">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button
            type="submit"
            class={isDestructive ? 'danger' : 'primary'}
            disabled={isBusy || !isPossible || (typed !== undefined && given !== typed)}
          >
            {isBusy ? 'Working…' : deed}
          </button>
        </div>
      </form>
    </dialog>
  );
}
