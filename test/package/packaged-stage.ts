import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageStage, TEMPLATE_FILE } from '../../lab/build/package-stage.ts';
import { localFolder } from '../../lab/local-stage/paths.ts';

/** The stages that are packaged once for all files of this folder. */
export const STAGES = {
  /** As it comes. */
  plain: { stage: 'pack', parameters: {} },
  /** Everything on that can be: tracing, a VPC, layers, statements, topics; see full-settings.yml. */
  full: { stage: 'packfull', parameters: { stages: 'test/package/full-settings.yml' } },
  /** The local stage's settings under another name. */
  local: { stage: 'packlocal', parameters: { settings: 'local' } },
} as const;

export type StageKind = keyof typeof STAGES;

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties: Readonly<Record<string, never>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** Called once, before any test file. */
export default async function packageAll(): Promise<void> {
  for (const { stage, parameters } of Object.values(STAGES)) await packageStage(stage, parameters);
}

export function packageFolder(kind: StageKind): string {
  return join(localFolder, `package-${STAGES[kind].stage}`);
}

export function templateFile(kind: StageKind): string {
  return join(packageFolder(kind), TEMPLATE_FILE);
}

export function readTemplate(kind: StageKind): Template {
  return JSON.parse(readFileSync(templateFile(kind), 'utf8')) as Template;
}

/** Logical id and properties of every resource of a type. */
export function resourcesOf(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}
