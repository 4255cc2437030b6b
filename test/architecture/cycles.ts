import * as path from 'node:path';
import { importsOf, type Import, type Source } from './imports.js';

/**
 * Circles of imports, each told by the imports that close it. Between files every circle counts that is still there
 * when the program runs; between the folders of one library or program, types count too. A folder and the folder it
 * lies in are not apart: the files of a library's root serve its folders and put them together.
 */
export function fileCycles(sources: readonly Source[]): string[] {
  return circles(sources, (one) => (one.target === null || one.typeOnly ? null : [one.file, one.target]));
}

export function folderCycles(sources: readonly Source[]): string[] {
  return circles(sources, ({ file, target }) => {
    if (target === null) return null;
    const [from, to] = [path.posix.dirname(file), path.posix.dirname(target)];
    const apart = !`${from}/`.startsWith(`${to}/`) && !`${to}/`.startsWith(`${from}/`);
    return apart ? [from, to] : null;
  });
}

type Edge = readonly [from: string, to: string];

function circles(sources: readonly Source[], edgeOf: (one: Import) => Edge | null): string[] {
  const reasons = new Map<string, Map<string, Import>>();
  for (const one of sources.filter(({ file }) => !file.endsWith('.spec.ts')).flatMap(importsOf)) {
    const [from, to] = edgeOf(one) ?? [];
    if (from === undefined || to === undefined) continue;
    const targets = reasons.get(from) ?? new Map<string, Import>();
    reasons.set(from, targets.has(to) ? targets : targets.set(to, one));
  }
  const seen = new Set<string>();
  return [...reasons.keys()].sort().flatMap((start) => {
    const circle = seen.has(start) ? null : pathBack(start, reasons);
    for (const one of circle ?? []) for (const node of edgeOf(one) ?? []) seen.add(node);
    return circle === null ? [] : [circle.map(({ file, line, specifier }) => `${file}:${line} imports ${specifier}`).join(', ')];
  });
}

/** The shortest way from a node back to itself, by its imports. */
function pathBack(start: string, reasons: ReadonlyMap<string, ReadonlyMap<string, Import>>): Import[] | null {
  const queue: { readonly node: string; readonly steps: Import[] }[] = [{ node: start, steps: [] }];
  const visited = new Set<string>();
  for (const { node, steps } of queue) {
    for (const [next, reason] of reasons.get(node) ?? []) {
      if (next === start) return [...steps, reason];
      if (!visited.has(next)) queue.push({ node: next, steps: [...steps, reason] });
      visited.add(next);
    }
  }
  return null;
}
