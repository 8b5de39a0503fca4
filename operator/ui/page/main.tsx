import { render } from 'preact';
import { App } from './app.tsx';
import { warnOfLosses } from './pipeline/drafts.ts';
import { enter, get, session } from './state/api.ts';
import { follow } from './state/live.ts';
import { stage } from './state/stage.ts';
import { startTheme } from './state/theme.ts';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/dialogs.css';
import './styles/charts.css';
import './styles/overview.css';
import './styles/pipeline.css';
import './styles/record.css';
import './styles/dead-letters.css';
import './styles/bursts.css';
import './styles/rollouts.css';
import './styles/events.css';

startTheme();
warnOfLosses(window);
const place = document.getElementById('page');
if (place !== null) render(<App />, place);
try {
  await enter();
  stage.value = await get('/api/stage');
  session.value = { kind: 'in' };
  follow();
} catch (error) {
  session.value = { kind: 'over', message: (error as Error).message };
}
