import { describe, expect, it } from '@jest/globals';
import { keyOf, taskLines, uploadOf } from '../../../examples/documents/upload.ts';

describe('an upload of documents', () => {
  it('is complete with its marker, and is named by its customer and its folder', () => {
    expect(uploadOf('uploads/customer-a/2026/november/_COMPLETE')).toEqual({
      pipelineId: 'customer-a',
      burstId: 'customer-a/2026/november',
      prefix: 'uploads/customer-a/2026/november/',
    });
  });

  it.each([
    'uploads/customer-a/1/scan.pdf',
    'uploads/customer-a/_COMPLETE',
    'other/customer-a/1/_COMPLETE',
    'uploads/customer-a/1/_COMPLETE.pdf',
  ])('is not told by %s', (key) => {
    expect(uploadOf(key)).toBeUndefined();
  });

  it('has its key encoded as S3 does', () => {
    expect(keyOf('uploads/a/m%C3%A4rz+1/_COMPLETE')).toBe('uploads/a/märz 1/_COMPLETE');
  });

  it('becomes a task for each document, with its size and without the marker', () => {
    const listed = [
      { key: 'uploads/a/1/_COMPLETE', sizeBytes: 0 },
      { key: 'uploads/a/1/x.pdf', sizeBytes: 12_345 },
    ];
    expect(taskLines('documents', listed)).toEqual([
      '{"bucket":"documents","document":"uploads/a/1/x.pdf","sizeBytes":12345}\n',
    ]);
  });
});
