import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { isChange, isMappingPoll } from '../../../../lab/bench/counting-proxy.ts';
import { renameGroup, smallStackYaml } from '../../../../lab/bench/small-stack.ts';

describe('requests to Lambda', () => {
  it.each([
    ['POST', '/2015-03-31/functions', true, false],
    ['PUT', '/2017-10-31/functions/f/concurrency', true, false],
    ['DELETE', '/2015-03-31/functions/f', true, false],
    ['PUT', '/2015-03-31/event-source-mappings/id', true, false],
    ['GET', '/2015-03-31/event-source-mappings/id', false, true],
    ['GET', '/2015-03-31/event-source-mappings', false, false],
    ['GET', '/2015-03-31/functions/f', false, false],
    ['POST', '/2015-03-31/functions/f/invocations', false, false],
  ])('%s %s: a change %p, a poll of a mapping %p', (method, path, change, poll) => {
    expect([isChange({ method, path }), isMappingPoll({ method, path })]).toEqual([change, poll]);
  });
});

describe('the small stack of a group', () => {
  it('has the resources of a pipeline: two queues, a function, its role and its mapping', () => {
    const { resources, functions, provider } = parse(smallStackYaml('a-bucket'), { logLevel: 'silent' });
    expect(Object.keys(resources.Resources)).toEqual(['DeadLetterQueue', 'Queue']);
    expect(functions.consumer.events).toHaveLength(1);
    expect(provider.deploymentBucket).toBe('a-bucket');
  });

  it('has a bucket of its own unless it is given one', () => {
    expect(smallStackYaml()).not.toContain('deploymentBucket');
  });

  it('is renamed without moving its code', () => {
    const template = '{"QueueName":"group-one","S3Key":"serverless/small-stack/one/1/consumer.zip"}';
    expect(renameGroup(template, 'one', 'two')).toBe(template.replace('group-one', 'group-two'));
  });
});
