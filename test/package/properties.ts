import { readTemplate, resourcesOf, STAGES } from './packaged-stage.ts';
import { createResolver } from './resolve.ts';

export const STAGE = STAGES.plain.stage;
export const template = readTemplate('plain');
export const resolve = createResolver(template);

/** Properties of every resource of a type, by logical id, with CloudFormation's functions worked out. */
export function propertiesOf(type: string, of = template): Readonly<Record<string, Record<string, unknown>>> {
  const work = createResolver(of);
  return Object.fromEntries(
    resourcesOf(of, type).map(([id, { Properties }]) => [id, work(Properties) as Record<string, unknown>]),
  );
}

/** One property of every resource of a type. */
export const valuesOf = (type: string, property: string) =>
  Object.values(propertiesOf(type)).map((properties) => properties[property]);

export function environmentOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  return (properties.Environment as { Variables: Record<string, string> }).Variables;
}
