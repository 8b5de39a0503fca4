import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { arnOf, contextOf, type Need } from './needed-actions.ts';
import { readTemplate, resourcesOf, STAGES, type StageKind } from './packaged-stage.ts';
import type { Request, Statement } from './policy.ts';
import { ACCOUNT, createResolver, REGION } from './resolve.ts';

export const STAGE = STAGES.plain.stage;
export const FUNCTIONS = readdirSync(join(projectRoot, 'functions'));

/** The statements of every role of a packaged stage, by the role's name without its stage. */
export function rolesOf(kind: StageKind): Readonly<Record<string, readonly Statement[]>> {
  const template = readTemplate(kind);
  const resolve = createResolver(template);
  return Object.fromEntries(
    resourcesOf(template, 'AWS::IAM::Role').map(([, { Properties }]) => {
      const role = resolve(Properties) as {
        RoleName: string;
        Policies: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
      };
      const statements = role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return [role.RoleName.replace(`sluice-${STAGES[kind].stage}-`, ''), statements];
    }),
  );
}

export const roles = rolesOf('plain');
export const statementsOf = (role: string) => roles[role] ?? [];

export const requestOf = (need: Need): Request => ({
  action: need.action,
  resource: arnOf(need.on, STAGE),
  context: contextOf(need, STAGE),
});

export const here = `${REGION}:${ACCOUNT}`;
export const queue = (name: string) => `arn:aws:sqs:${here}:${name}`;
export const logStream = (group: string) => `arn:aws:logs:${here}:log-group:${group}:log-stream:2026/01/01`;
