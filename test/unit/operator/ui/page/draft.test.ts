import { describe, expect, it } from '@jest/globals';
import { MASKED as MASK } from '../../../../../operator/desk/masks.ts';
import {
  asForm,
  asText,
  begun,
  edited,
  followed,
  isTouched,
  MASKED,
  saved,
  typed,
} from '../../../../../operator/ui/page/pipeline/draft.ts';

const stored = { pipelineId: 'a', concurrency: 2 };
const hidden = { pipelineId: 'a', environment: { KEY: MASKED, MODE: MASKED } };
const shown = { pipelineId: 'a', environment: { KEY: 'secret', MODE: 'fast' } };

describe('a record that is edited', () => {
  it('knows a masked value by what the desk puts for it', () => {
    expect(MASKED).toBe(MASK);
  });

  it('follows the table until it is touched, and stays then', () => {
    const draft = begun(stored);
    expect(followed(draft, { ...stored })).toBe(draft);
    expect(followed(draft, { ...stored, concurrency: 3 }).record).toEqual({ ...stored, concurrency: 3 });
    const touched = edited(draft, { ...stored, concurrency: 9 });
    expect(followed(touched, { ...stored, concurrency: 3 })).toBe(touched);
  });

  it('is at fault while its text is no record, and is touched by that alone', () => {
    const draft = asText(begun(stored));
    const half = typed(draft, '{"pipelineId": ');
    expect(half).toMatchObject({ record: stored, text: '{"pipelineId": ' });
    expect(half.fault).toBeDefined();
    expect([isTouched(draft), isTouched(half)]).toEqual([false, true]);
    expect(typed(draft, '[1]').fault).toBe('a record is a map');
    expect(typed(half, '{"pipelineId":"b"}')).toEqual({
      base: stored,
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
      ...hidden,
      concurrency: 7,
      environment: { ...hidden.environment, MODE: 'slow', NEW: 'x' },
    });
    const open = followed(draft, shown);
    expect(open.base).toEqual(shown);
    expect(open.record).toEqual({
      ...shown,
      concurrency: 7,
      environment: { KEY: 'secret', MODE: 'slow', NEW: 'x' },
    });
    expect(followed(open, hidden)).toEqual(draft);
  });

  it('keeps a text that is no record yet as it is', () => {
    const half = typed(asText(begun(hidden)), '{"x"');
    expect(followed(half, shown)).toMatchObject({ base: shown, record: shown, text: '{"x"' });
    const whole = typed(asText(begun(hidden)), JSON.stringify({ ...hidden, concurrency: 1 }));
    expect(JSON.parse(followed(whole, shown).text ?? '')).toEqual({ ...shown, concurrency: 1 });
  });

  it('is untouched once it is saved', () => {
    expect(isTouched(saved(edited(begun(stored), { ...stored, concurrency: 9 })))).toBe(false);
  });
});
