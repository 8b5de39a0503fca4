/** A resource of our name that does not carry our tags: it is left alone, and a person has to look. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
  readonly code = 'NotOurs';

  constructor(kind: 'queue' | 'function', name: string) {
    super(
      `the ${kind} ${name} exists and does not carry this pipeline's tags — rename or delete it, or choose another pipelineId`,
    );
  }
}
