import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk } from '../../../operator/views/desk.ts';
import type { PipelineRow } from '../../../operator/views/pipelines.ts';

/** Rows that are written anew each time, as many as the page's server looks at. */
const LOOKED_AT = 50;
const EVERY_MS = 2_000;

/** All rows of a desk in one table of HTML with the same cells; its script writes some of them anew, and does nothing else. */
export async function servePlainTable(desk: Desk): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { rows } = await desk.overview();
  const look = await desk.look(rows.map(({ pipelineId }) => pipelineId));
  const cells = rows.map((row) => cellsOf({ ...row, look: look.get(row.pipelineId) }));
  const html = `<!doctype html><meta charset="utf-8"><title>All rows</title>
<style>
  body { font: 14px system-ui, sans-serif; margin: 0 } table { border-collapse: collapse; width: 100% }
  td { height: 37px; padding: 0 8px; border-bottom: 1px solid #ddd; white-space: nowrap } svg { width: 72px; height: 20px }
</style>
<table><tbody class="rows">${cells.map((text) => `<tr class="row">${text}</tr>`).join('')}</tbody></table>
<script>
  const rows = document.querySelectorAll('.row');
  let from = 0;
  setInterval(() => {
    for (let at = from; at < from + ${LOOKED_AT}; at += 1) {
      const row = rows[at % rows.length];
      row.innerHTML = row.innerHTML.replaceAll(/\\d+(?=<.td>)/g, (digits) => Number(digits) + 1);
    }
    from += ${LOOKED_AT};
  }, ${EVERY_MS});
</script>`;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function cellsOf(
  row: Omit<PipelineRow, 'look'> & { readonly look: PipelineRow['look'] | undefined },
): string {
  const { pipelineId, says, look, concurrency = 1, codeVersion } = row;
  const { running = 0, waiting = 0, delayed = 0, deadLetters = 0 } = look ?? {};
  const share = Math.min(100, (running / concurrency) * 100);
  const path = Array.from({ length: 40 }, (_, at) => `${at * 1.8} ${((waiting * (at + 1)) % 17) + 2}`).join(
    'L',
  );
  return [
    `<a href="#${pipelineId}">${pipelineId}</a>`,
    says,
    `<svg viewBox="0 0 100 6"><rect width="100" height="6" fill="#eee"/><rect width="${share}" height="6"/></svg> ${running}`,
    `<svg viewBox="0 0 72 20"><path d="M${path}" fill="none" stroke="#066"/></svg> ${waiting + delayed}`,
    `${waiting}`,
    `${delayed}`,
    `${deadLetters}`,
    `<code>${codeVersion?.slice(0, 8)}</code>`,
  ]
    .map((text) => `<td>${text}</td>`)
    .join('');
}
