import { render } from 'preact';
import { App } from './app.tsx';
import { warnOfLosses } from './pipeline/drafts.ts';
import { enter, get, session } from './state/api.ts';
import { follow } from './state/live.ts';
import { stage } from './state/stage.ts';
import { startTheme } from './state/theme.ts';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/screens.css';

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
