import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Bursts } from './bursts/bursts.tsx';
import { Events } from './events/events.tsx';
import { Overview } from './overview/overview.tsx';
import { Empty, Loading } from './parts/states.tsx';
import { NEW } from './pipeline/drafts.ts';
import { NewPipeline } from './pipeline/new-pipeline.tsx';
import { Pipeline } from './pipeline/pipeline.tsx';
import { Unsaved } from './pipeline/unsaved.tsx';
import { Rollouts } from './rollouts/rollouts.tsx';
import { session } from './state/api.ts';
import { standing } from './state/live.ts';
import { dismiss, notices } from './state/notices.ts';
import { type Route, routeOf } from './state/route.ts';
import { useSignalValue } from './state/signal-value.ts';
import { stage } from './state/stage.ts';
import { nextTheme, theme } from './state/theme.ts';

const SCREENS = [
  { screen: 'overview', href: '#/', name: 'Overview' },
  { screen: 'bursts', href: '#/bursts', name: 'Bursts' },
  { screen: 'rollouts', href: '#/rollouts', name: 'Rollouts' },
  { screen: 'events', href: '#/events', name: 'Events' },
] as const;

/** How far the overview was scrolled. */
let listTop = 0;

export function App() {
  const { kind, ...rest } = useSignalValue(session);
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = () => {
      const next = routeOf(location.hash);
      setRoute(next);
      document.getElementById('main')?.focus({ preventScroll: true });
      // Back where one was in the long list, once it is there again.
      requestAnimationFrame(() => scrollTo(0, next.screen === 'overview' ? listTop : 0));
    };
    const remember = () => {
      if (routeOf(location.hash).screen === 'overview') listTop = scrollY;
    };
    addEventListener('hashchange', follow);
    addEventListener('scroll', remember, { passive: true });
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('scroll', remember);
    };
  }, []);
  useEffect(() => {
    document.title = `${titleOf(route)} · Sluice`;
  }, [route]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <Header route={route} />
      {kind === 'in' && <Standing />}
      {kind === 'in' && <Unsaved here={draftOf(route)} />}
      <main id="main" tabIndex={-1}>
        {kind === 'starting' && <Loading what="the stage" lines={8} />}
        {kind === 'over' && <SignedOut message={'message' in rest ? String(rest.message) : ''} />}
        {kind === 'in' && screenOf(route)}
      </main>
      <Notices />
    </>
  );
}

function screenOf(route: Route): ComponentChildren {
  switch (route.screen) {
    case 'overview':
      return <Overview />;
    case 'pipeline':
      return <Pipeline key={route.pipelineId} pipelineId={route.pipelineId} tab={route.tab} />;
    case 'new':
      return <NewPipeline />;
    case 'bursts':
      return <Bursts key={route.pipelineId ?? ''} pipelineId={route.pipelineId} />;
    case 'rollouts':
      return <Rollouts />;
    case 'events':
      return <Events />;
    case 'nowhere':
      return (
        <Empty isScreen title="There is nothing at this address">
          <p>
            <a href="#/">Go to the overview</a>
          </p>
        </Empty>
      );
  }
}

function titleOf(route: Route): string {
  if (route.screen === 'pipeline') return route.pipelineId;
  if (route.screen === 'new') return 'New pipeline';
  return SCREENS.find(({ screen }) => screen === route.screen)?.name ?? 'Nothing here';
}

/** Whose record is edited on this screen. */
function draftOf(route: Route): string | undefined {
  if (route.screen === 'new') return NEW;
  return route.screen === 'pipeline' ? route.pipelineId : undefined;
}

const THEMES = { system: 'Auto', dark: 'Dark', light: 'Light' } as const;

function Header({ route }: { readonly route: Route }) {
  const is = useSignalValue(stage);
  const looks = useSignalValue(theme);
  const at = route.screen === 'pipeline' || route.screen === 'new' ? 'overview' : route.screen;
  return (
    <header class="head">
      <a class="word" href="#/" aria-label="Sluice, overview">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 2v12M13 2v12M3 8h10M8 8v6" />
        </svg>
        Sluice
      </a>
      {is && (
        <span class="stage">
          {is.stage}
          <span>{is.isLocal ? 'this machine' : is.region}</span>
        </span>
      )}
      <nav aria-label="Screens">
        {SCREENS.map(({ screen, href, name }) => (
          <a key={screen} href={href} {...(screen === at && { 'aria-current': 'page' as const })}>
            {name}
          </a>
        ))}
      </nav>
      <Pulse />
      <button type="button" class="quiet" onClick={nextTheme} aria-label={`${THEMES[looks]} colours, change`}>
        {THEMES[looks]}
      </button>
    </header>
  );
}

function Pulse() {
  const { kind } = useSignalValue(standing);
  const says = { starting: 'connecting', live: 'live', fault: 'stage gone', lost: 'server gone' }[kind];
  return <span class={`pulse pulse-${kind}`}>{says}</span>;
}

/** What is shown may be old: why, and what to do. */
function Standing() {
  const is = useSignalValue(standing);
  if (is.kind === 'fault') {
    return (
      <p class="banner" role="alert">
        <strong>The stage does not answer.</strong> {is.message}. What you see is what it last said; it is
        asked again every 2 s.
      </p>
    );
  }
  if (is.kind === 'lost') {
    return (
      <p class="banner" role="alert">
        <strong>The page’s server has ended.</strong> Start it again with <code>npx sluice ui</code>, and open
        the address that it prints.
      </p>
    );
  }
  return null;
}

function SignedOut({ message }: { readonly message: string }) {
  return (
    <Empty isScreen title="This session is over">
      <p>
        Each start of the server lets in only who has its address: {message}. Start it with{' '}
        <code>npx sluice ui</code>.
      </p>
    </Empty>
  );
}

function Notices() {
  const all = useSignalValue(notices);
  return (
    <div class="notices" role="status">
      {all.map(({ id, tone, text }) => (
        <div key={id} class={`notice notice-${tone}`}>
          {text}
          <button type="button" class="quiet" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
