import * as path from 'node:path';
import { importsOf, tablesAskedFor, textsOf, type Import, type Source } from './imports.js';

/** Who may import whom. A finding reads `file:line imports x: why it must not`. */

/** Libraries by what they stand on, lowest first. A new library takes its place here. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  client: [],
  eventsourcing: ['kernel'],
  projections: ['kernel', 'eventsourcing'],
  platform: ['kernel', 'eventsourcing'],
  live: ['kernel', 'eventsourcing', 'projections', 'platform'],
  household: ['kernel', 'eventsourcing', 'projections', 'platform'],
  audit: ['kernel', 'eventsourcing', 'projections', 'platform', 'household'],
};

/** The launcher composes the other programs and `daybook start` runs the launcher; else they know nothing of each other. */
const LAUNCHER = 'apps/daybook/';
const COMMAND_LINE = 'apps/cli/';
/** `daybook store` looks at the node's files, of which nobody else knows the form. */
const STORE_FILES = 'apps/eventstore/src/index.ts';
/** The event store node is up before the rest of the platform is loaded, and without it. */
const SIDE_DOOR = { from: 'apps/eventstore/', to: 'libs/platform/src/system/index.ts' };
const ESDB_ADAPTER = 'libs/eventsourcing/src/esdb-store.ts';
const ESDB_TESTS = /^(test\/(conformance|faults|simulation|support)|bench)\//;
const SHELL = /(\.(module|controller|handler|gateway)|\/main)\.ts$/;
const TEST = /(\.(spec|contract)\.ts$|^test\/|^bench\/)/;
const PURE = /^libs\/[a-z]+\/src\/[a-z-]+\/(decide|state|projection)\.ts$/;
/** Judges what the product says of itself, so it may not share its mistakes. */
const CHECKER = 'test/checker/';
/** What the folder of a read model shows to the others. */
const READ_MODEL_DOORS = /^(index|queries|contracts|[a-z-]+\.module)\.ts$/;

type Rule = (one: Import, readModels: ReadonlyMap<string, string>) => string | null;

const RULES: readonly Rule[] = [
  ({ file, specifier }) =>
    specifier.startsWith('@nestjs/') && !SHELL.test(file) && !TEST.test(file) ? 'Nest stays in the shell files' : null,
  ({ file, specifier }) =>
    specifier.startsWith('@eventstore/') && file !== ESDB_ADAPTER && !ESDB_TESTS.test(file)
      ? `the event store client has one adapter, ${ESDB_ADAPTER}`
      : null,
  ({ file, target }) =>
    file.startsWith('libs/kernel/') && !TEST.test(file) && !target?.startsWith('libs/kernel/')
      ? 'the kernel imports nothing'
      : null,
  ({ file, specifier, typeOnly }) =>
    PURE.test(file) && !typeOnly && !/^(\.|@daybook\/|zod$)/.test(specifier) ? 'decisions and folds do no input or output' : null,
  ({ file, target }) => (folderOf(file, 'libs') !== null && target?.startsWith('apps/') ? 'a library knows no program' : null),
  ({ file, specifier, target }) =>
    file.startsWith(CHECKER) && !specifier.startsWith('node:') && !target?.startsWith(CHECKER)
      ? 'the checker shares no code with what it judges'
      : null,
  betweenLibraries,
  ({ file, target }) => {
    const [from, to] = [folderOf(file, 'apps'), folderOf(target, 'apps')];
    const apart = from !== null && to !== null && from !== to && !TEST.test(file);
    const composed = file.startsWith(LAUNCHER) || (file.startsWith(COMMAND_LINE) && (target?.startsWith(LAUNCHER) || target === STORE_FILES));
    return apart && !composed ? 'a program knows no other program' : null;
  },
  ({ file, target }, readModels) => {
    if (target === null || !readModels.has(path.posix.dirname(target))) return null;
    const inside = path.posix.dirname(file) === path.posix.dirname(target);
    return inside || READ_MODEL_DOORS.test(path.posix.basename(target)) ? null : 'a read model hides its table and its fold';
  },
  ({ file, target, specifier }) =>
    /(^|\/)index\.js$/.test(specifier) && target !== null && file.startsWith(`${path.posix.dirname(target)}/`) && !TEST.test(file)
      ? 'a folder does not import the index that exports it'
      : null,
];

export function illegalImports(sources: readonly Source[]): string[] {
  const readModels = readModelTables(sources);
  return sources.flatMap(importsOf).flatMap((one) => {
    const [why] = RULES.flatMap((rule) => rule(one, readModels) ?? []);
    return why === undefined ? [] : [`${one.file}:${one.line} imports ${one.specifier}: ${why}`];
  });
}

/** Statements that name the table of a read model from outside its folder. */
export function foreignTables(sources: readonly Source[]): string[] {
  const tables = readModelTables(sources);
  return sources
    .filter(({ file }) => /^(libs|apps)\//.test(file) && !TEST.test(file))
    .flatMap((source) => {
      const own = tables.get(path.posix.dirname(source.file));
      const foreign = [...tables.values()].filter((table) => table !== own);
      const found = foreign.flatMap((table) => [
        ...textsOf(source).filter(({ text }) => namesTable(text, table)).map(({ line }) => ({ line, table })),
        ...tablesAskedFor(source).filter(({ text }) => text === table).map(({ line }) => ({ line, table })),
      ]);
      return found.map(({ line, table }) => `${source.file}:${line} reads ${table}, another read model's table`);
    });
}

/** The folders of read models (those with a table.ts) and the name of each one's table. */
export function readModelTables(sources: readonly Source[]): ReadonlyMap<string, string> {
  const tables = sources
    .filter(({ file }) => /^libs\/.*\/table\.ts$/.test(file))
    .map(({ file, text }) => [path.posix.dirname(file), /\bname: '([a-z_]+)'/.exec(text)?.[1]] as const);
  return new Map(tables.map(([folder, table]) => [folder, table ?? `no name found in ${folder}/table.ts`]));
}

function betweenLibraries({ file, specifier, target }: Import): string | null {
  if (file.startsWith(SIDE_DOOR.from) && target === SIDE_DOOR.to) return null;
  const [from, to] = [folderOf(file, 'libs'), folderOf(target, 'libs')];
  if (to === null || from === to) return null;
  if (specifier.startsWith('.') && !TEST.test(file)) return 'libraries meet at their index, by name';
  if (from === null || TEST.test(file)) return null;
  const allowed = LIBRARIES[from];
  if (allowed === undefined) return `libs/${from} has no place among the layers yet`;
  return allowed.includes(to) ? null : `libs/${from} stands below libs/${to} or beside it`;
}

/** `libs/kernel/src/x.ts` below libs is `kernel`. */
function folderOf(file: string | null, root: 'apps' | 'libs'): string | null {
  const [top, folder] = file?.split('/') ?? [];
  return top === root && folder !== undefined ? folder : null;
}

function namesTable(text: string, table: string): boolean {
  return new RegExp(`\\b(from|join|into|update|table|truncate|exists)\\s+(only\\s+)?(\\S+\\.)?"?${table}"?(?![\\w-])`, 'i').test(text);
}
