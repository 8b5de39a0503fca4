import { describe, expect, it } from '@jest/globals';
import {
  asForm,
  asText,
  begun,
  edited,
  followed,
  isTouched,
  saved,
  typed,
} from '../../../../../operator/ui/page/pipeline/draft.ts';
import { MASKED } from '../../../../../operator/views/pipelines.ts';

const storedAs = (record: Readonly<Record<string, unknown>>, standing = 'v1') => ({ record, standing });
const plain = { pipelineId: 'a', concurrency: 2 };
const stored = storedAs(plain);
const theirs = storedAs({ ...plain, concurrency: 3 }, 'v2');
const masked = { pipelineId: 'a', environment: { KEY: MASKED, MODE: MASKED } };
const hidden = storedAs(masked);
const open = { pipelineId: 'a', environment: { KEY: 'secret', MODE: 'fast' } };
const shown = storedAs(open);

describe('a record that is edited', () => {
  it('follows the table until it is touched, and stays then what it is an edit of', () => {
    const draft = begun(stored);
    expect(followed(draft, storedAs({ ...plain }))).toBe(draft);
    expect(followed(draft, theirs)).toEqual(begun(theirs));
    // What is masked may have changed, though it looks the same.
    expect(followed(draft, storedAs(plain, 'v2')).standing).toBe('v2');
    const touched = edited(draft, { ...plain, concurrency: 9 });
    expect(followed(touched, theirs)).toBe(touched);
    expect(touched.standing).toBe('v1');
  });

  it('is untouched again once it is as it was', () => {
    const touched = edited(begun(stored), { ...plain, concurrency: 9 });
    expect(isTouched(touched)).toBe(true);
    expect(isTouched(edited(touched, { concurrency: 2, pipelineId: 'a' }))).toBe(false);
  });

  it('is at fault while its text is no record, and is touched by that alone', () => {
    const draft = asText(begun(stored));
    const half = typed(draft, '{"pipelineId": ');
    expect(half).toMatchObject({ record: plain, text: '{"pipelineId": ' });
    expect(half.fault).toBeDefined();
    expect([isTouched(draft), isTouched(half)]).toEqual([false, true]);
    expect(typed(draft, '[1]').fault).toBe('a record is a map');
    expect(typed(half, '{"pipelineId":"b"}')).toEqual({
      base: plain,
      standing: 'v1',
      record: { pipelineId: 'b' },
      text: '{"pipelineId":"b"}',
    });
  });

  it('goes back to the form when its text is a record, not before', () => {
    const half = typed(asText(begun(stored)), '{');
    expect(asForm(half)).toBe(half);
    expect(asForm(asText(begun(stored)))).toEqual(begun(stored));
  });

  it('begins anew with the text of what stands in the table', () => {
    const anew = begun(stored, typed(asText(begun(hidden)), '{'));
    expect(anew).toEqual(asText(begun(stored)));
    expect(isTouched(anew)).toBe(false);
  });

  it('keeps its edits when values are shown and masked again', () => {
    const draft = edited(begun(hidden), {
      ...masked,
      concurrency: 7,
      environment: { ...masked.environment, MODE: 'slow', NEW: 'x' },
    });
    const opened = followed(draft, shown);
    expect(opened.base).toEqual(open);
    expect(opened.record).toEqual({
      ...open,
      concurrency: 7,
      environment: { KEY: 'secret', MODE: 'slow', NEW: 'x' },
    });
    expect(followed(opened, hidden)).toEqual(draft);
  });

  it('keeps a text that is no record yet as it is', () => {
    const half = typed(asText(begun(hidden)), '{"x"');
    expect(followed(half, shown)).toMatchObject({ base: open, record: open, text: '{"x"' });
    const whole = typed(asText(begun(hidden)), JSON.stringify({ ...masked, concurrency: 1 }));
    expect(JSON.parse(followed(whole, shown).text ?? '')).toEqual({ ...open, concurrency: 1 });
  });

  it('is untouched once it is saved, and what follows is over what was saved', () => {
    const written = saved(edited(begun(stored), { ...plain, concurrency: 9 }), 'v2');
    expect(isTouched(written)).toBe(false);
    expect(written.standing).toBe('v2');
  });
});
