import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseBurst } from '../../../core/burst/input.ts';
import { configRecordSchema } from '../../../core/config-record/schema.ts';
import { parseConfigRecord } from '../../../core/config-record.ts';
import { projectRoot } from '../../../lab/local-stage/paths.ts';
import { blocksOf, PAGES, proseOf, readPage } from './pages.ts';

/** JSON with a pipelineId that is neither a record nor a burst, by a field that only it has. */
const OTHER_JSON: readonly string[] = ['sluice', 'need'];
/** What the page shows as refused. */
const REFUSED_FIELD = 'concurency';

const FIELDS = Object.keys(configRecordSchema.shape);
const jsonBlocks = PAGES.flatMap(blocksOf).filter(({ language }) => language === 'json');

type Given = Readonly<Record<string, unknown>>;

const given = jsonBlocks.flatMap(({ path, line, text }) => {
  return documentsOf(text)
    .filter((one) => 'pipelineId' in one)
    .map((one) => ({ where: `${path}:${line}`, one }));
});
const isBurst = (one: Given) => 'tasks' in one || 'count' in one || 'source' in one;
const isOther = (one: Given) => OTHER_JSON.some((field) => field in one);

describe('JSON in the docs', () => {
  it.each(jsonBlocks.map(({ path, line, text }) => [`${path}:${line}`, text]))(
    '%s is JSON',
    (_where, text) => {
      expect(documentsOf(text).length).toBeGreaterThan(0);
    },
  );

  it('that is a config record is one that is accepted', () => {
    const records = given.filter(({ one }) => !isBurst(one) && !isOther(one) && !(REFUSED_FIELD in one));
    expect(records.length).toBeGreaterThan(8);
    const refused = records.flatMap(({ where, one }) =>
      problemsOf(one).map((problem) => `${where}: ${problem}`),
    );
    expect(refused).toEqual([]);
  });

  it('that is shown as refused is refused', () => {
    const shown = given.filter(({ one }) => REFUSED_FIELD in one);
    expect(shown.map(({ one }) => problemsOf(one).length > 0)).toEqual([true]);
  });

  it('that is a burst is one that the trigger takes', () => {
    const bursts = given.filter(({ one }) => isBurst(one));
    expect(bursts.length).toBeGreaterThan(0);
    for (const { one } of bursts) expect(() => parseBurst(one)).not.toThrow();
  });
});

describe('examples', () => {
  it('have records that are accepted', () => {
    const files = ['examples/pipelines', 'examples/crawl'].flatMap((folder) =>
      readdirSync(join(projectRoot, folder))
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(folder, name)),
    );
    const records = files.flatMap((file) => JSON.parse(readPage(file)) as Given | readonly Given[]).flat();
    expect(records.flatMap(problemsOf)).toEqual([]);
    expect(records.every((one) => Object.keys(one).every((key) => FIELDS.includes(key)))).toBe(true);
  });

  it('of the recipes are the files that are there', () => {
    const [handler] = blocksOf('docs/recipes.md').filter(({ language }) => language === 'ts');
    expect(`${handler?.text}\n`).toBe(readPage('examples/crawl/handler.ts'));
    const sites = JSON.parse(readPage('examples/crawl/sites.json')) as readonly Given[];
    expect(
      given.filter(({ where, one }) => where.startsWith('docs/recipes') && one.pipelineId === 'site-a')[0]
        ?.one,
    ).toEqual(sites[0]);
  });
});

describe('links in the docs', () => {
  it.each(PAGES)('%s links to files and headings that are there', (path) => {
    const missing = linksOf(path).filter((link) => !isThere(path, link));
    expect(missing).toEqual([]);
  });

  it('lead from the readme to every page', () => {
    const pages = PAGES.filter((path) => path.startsWith('docs/'));
    expect(pages.filter((path) => !readPage('README.md').includes(`](${path}`))).toEqual([]);
  });
});

/** One document, or one a line, or fields of one. */
function documentsOf(text: string): readonly Given[] {
  if (text.startsWith('"')) return [JSON.parse(`{${text}}`) as Given];
  const isLines = text.split('\n').every((line) => line.startsWith('{') && line.endsWith('}'));
  const documents = isLines ? text.split('\n') : [text];
  return documents.flatMap((one) => JSON.parse(one) as Given | readonly Given[]);
}

function problemsOf(record: Given): readonly string[] {
  const parsed = parseConfigRecord(record, { stage: 'local' });
  return parsed.kind === 'valid' ? [] : parsed.problems.map((one) => `${one.path}: ${one.code}`);
}

/** Addresses of links and pictures that are not of the web. */
function linksOf(path: string): readonly string[] {
  return [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function isThere(from: string, link: string): boolean {
  const [file = '', heading] = link.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (!existsSync(join(projectRoot, path))) return false;
  return heading === undefined || headingsOf(path).includes(heading);
}

/** As GitHub names them in an address. */
function headingsOf(path: string): readonly string[] {
  return [...readFileSync(join(projectRoot, path), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
