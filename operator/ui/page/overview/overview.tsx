import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { VERDICT_NAMES } from '../../../../core/verdict/kinds.ts';
import { compact, count } from '../parts/format.ts';
import { Bar, Figure } from '../parts/shown.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { account, rows, standing } from '../state/live.ts';
import { useSignalValue } from '../state/signal-value.ts';
import { ATTENTIONS, type Attention } from './attention.ts';
import { FIRST_LISTING, type Listing, listed } from './list.ts';
import { PipelineTable } from './table.tsx';
import { beyondAccount, type Totals, totalsOf } from './totals.ts';

/** Kept while another screen is shown. */
let kept: Listing = FIRST_LISTING;

export function Overview() {
  const all = useSignalValue(rows);
  const is = useSignalValue(standing);
  const [listing, setListing] = useState(kept);
  kept = listing;
  const totals = useMemo(() => totalsOf(all.values()), [all]);
  const shown = useMemo(() => listed(all.values(), listing), [all, listing]);
  return (
    <>
      <h1 class="unseen">Overview</h1>
      {all.size === 0 && is.kind === 'fault' ? (
        <Empty title="Waiting for the stage">
          <p>Its pipelines are shown as soon as it answers.</p>
        </Empty>
      ) : all.size === 0 && is.kind !== 'live' ? (
        <Loading what="pipelines" lines={12} />
      ) : all.size === 0 ? (
        <Empty title="No pipelines yet">
          <p>
            A pipeline is one record: a queue, a dead-letter queue and a consumer with a limit of its own.
          </p>
          <p>
            <a class="button primary" href="#/new">
              Add the first pipeline
            </a>
          </p>
        </Empty>
      ) : (
        <>
          <TotalsLine totals={totals} />
          <Filters listing={listing} change={setListing} totals={totals} />
          {shown.length === 0 ? (
            <Empty title="No pipeline fits">
              <p>
                <button type="button" onClick={() => setListing(FIRST_LISTING)}>
                  Show all {count(all.size)}
                </button>
              </p>
            </Empty>
          ) : (
            <PipelineTable rows={shown} listing={listing} change={setListing} />
          )}
        </>
      )}
    </>
  );
}

function TotalsLine({ totals }: { readonly totals: Totals }) {
  const fact = useSignalValue(account);
  const over = beyondAccount(totals, fact);
  const isPart = totals.looked < totals.pipelines;
  return (
    <dl class="totals">
      <Figure name="Pipelines" note={isPart ? `${count(totals.looked)} looked at` : undefined}>
        {count(totals.pipelines)}
      </Figure>
      <Figure
        name="Running"
        note={
          fact ? (
            <Bar
              value={totals.running}
              of={fact.concurrency}
              label={`${count(totals.running)} of ${count(fact.concurrency)} that the account may run`}
            />
          ) : undefined
        }
      >
        {compact(totals.running)}
        {fact && (
          <span class="of">
            {' '}
            / {compact(fact.concurrency)} <span class="roomy">account</span>
          </span>
        )}
      </Figure>
      <Figure
        name="Limits together"
        note={
          over === undefined ? undefined : <span class="warn">{count(over)} over the account’s limit</span>
        }
      >
        {compact(totals.concurrency)}
      </Figure>
      <Figure name="Waiting">{compact(totals.waiting)}</Figure>
      <Figure name="Delayed">{compact(totals.delayed)}</Figure>
      <Figure name="Dead letters">
        <span class={totals.deadLetters > 0 ? 'bad' : ''}>{compact(totals.deadLetters)}</span>
      </Figure>
    </dl>
  );
}

const NAMES: Readonly<Record<Attention, string>> = {
  trouble: 'Trouble',
  waiting: 'Waiting',
  working: 'Working',
  idle: 'Idle',
};

interface FiltersProps {
  readonly listing: Listing;
  readonly totals: Totals;
  change(listing: Listing): void;
}

function Filters({ listing, totals, change }: FiltersProps) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const chip = (attention: Listing['attention'], name: string, many: number) => (
    <button
      key={attention}
      type="button"
      class="chip"
      aria-pressed={listing.attention === attention}
      onClick={() => change({ ...listing, attention })}
    >
      {name} <span>{count(many)}</span>
    </button>
  );
  return (
    <search class="filters">
      <input
        ref={search}
        type="search"
        placeholder="Search ids and verdicts"
        aria-label="Search pipelines"
        aria-keyshortcuts="/"
        value={listing.search}
        onInput={(event) => change({ ...listing, search: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            change({ ...listing, search: '' });
            event.currentTarget.blur();
          }
          if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('.row a')?.focus();
        }}
      />
      <fieldset class="chips">
        <legend class="unseen">Which</legend>
        {chip('all', 'All', totals.pipelines)}
        {ATTENTIONS.map((attention) => chip(attention, NAMES[attention], totals.byAttention[attention]))}
      </fieldset>
      <select
        aria-label="Phase"
        value={listing.phase}
        onChange={(event) => change({ ...listing, phase: event.currentTarget.value })}
      >
        <option value="">Any phase</option>
        {[...totals.phases].sort().map(([phase, many]) => (
          <option key={phase} value={phase}>
            {phase} ({count(many)})
          </option>
        ))}
      </select>
      <select
        aria-label="Verdict"
        value={listing.verdict}
        onChange={(event) => change({ ...listing, verdict: event.currentTarget.value as Listing['verdict'] })}
      >
        <option value="">Any verdict</option>
        {[...totals.verdicts].sort().map(([verdict, many]) => (
          <option key={verdict} value={verdict}>
            {VERDICT_NAMES[verdict]} ({count(many)})
          </option>
        ))}
      </select>
      <a class="button" href="#/new">
        New pipeline
      </a>
    </search>
  );
}
