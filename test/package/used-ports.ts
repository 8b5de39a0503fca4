import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { NEEDS, type Need } from './needed-actions.ts';

/** Files whose calls are not a function's own: they stand behind the ports. */
const BEHIND_PORTS =
  /^aws\/(?!(?:control-plane-budget|salvage-count|release-lines|burst-progress|measured-tasks)\.ts$)/;

/**
 * What a function needs of IAM: the port methods that its handler, and all it imports, call.
 * Read from the source, so that a new call shows up here by itself.
 */
export function needsOf(handlerFile: string): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const file of filesFrom(handlerFile)) {
    for (const need of needsIn(readFileSync(join(projectRoot, file), 'utf8'))) {
      needs.set(`${need.action} on ${need.on}`, need);
    }
  }
  return [...needs.values()];
}

function needsIn(source: string): readonly Need[] {
  // Whoever knows the names of functions that releases are tried with calls those; all others call pipelines'.
  const onTrials = /\btrialFunction\b/.test(source);
  return callsIn(source).map((need) =>
    onTrials && need.on === 'function' ? { ...need, on: 'trialFunction' } : need,
  );
}

function callsIn(source: string): readonly Need[] {
  return [...source.matchAll(/\b(\w+)\s*\.(\w+)\(/g)].flatMap(([, name = '', method = '']) => {
    const port = portCalled(name, source);
    const methods: Readonly<Record<string, readonly Need[]>> | undefined = port && NEEDS[port];
    // A Map of mappings has a `get`, too: only what a port has is a call of it.
    return methods !== undefined && Object.hasOwn(methods, method) ? (methods[method] ?? []) : [];
  });
}

/** The port of this name, or the one that `const { salvage: store } = ports` gave another name. */
function portCalled(name: string, source: string): keyof typeof NEEDS | undefined {
  const ports = Object.keys(NEEDS) as (keyof typeof NEEDS)[];
  return ports.find(
    (port) => port === name || new RegExp(`\\{[^{}]*\\b${port}: ${name}\\b[^{}]*\\} = `).test(source),
  );
}

function filesFrom(entry: string): readonly string[] {
  const files = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file) || BEHIND_PORTS.test(file)) return;
    files.add(file);
    const source = readFileSync(join(projectRoot, file), 'utf8');
    for (const [, target = ''] of source.matchAll(/^(?:import|export)(?! type)[^;]*? from '(\.[^']+)';/gms)) {
      visit(join(dirname(file), target));
    }
  };
  visit(entry);
  return [...files];
}
