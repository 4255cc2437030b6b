import { foreignTables, illegalImports, readModelTables } from './boundaries.js';
import { fileCycles, folderCycles } from './cycles.js';
import { importsOf, projectSources, type Source } from './imports.js';

const source = (file: string, ...lines: string[]): Source => ({ file, text: lines.join('\n') });
const FAMILIES_TABLE = source('libs/household/src/families/table.ts', "export const t = { name: 'families', columns: {} };");
const planted = (file: string, ...lines: string[]) => illegalImports([FAMILIES_TABLE, source(file, ...lines)]);

describe('the house', () => {
  const sources = projectSources();

  it('has sources to judge', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(readModelTables(sources).size).toBeGreaterThan(0);
  });

  it('has no illegal import', () => {
    expect(illegalImports(sources)).toEqual([]);
  });

  it('has no read model that reads the table of another', () => {
    expect(foreignTables(sources)).toEqual([]);
  });

  it('has no circle of files', () => {
    expect(fileCycles(sources)).toEqual([]);
  });

  it('has no circle of folders', () => {
    expect(folderCycles(sources)).toEqual([]);
  });
});

describe('an import is found with its line', () => {
  it.each([
    ["import { x } from './a.js';", false],
    ["import './a.js';", false],
    ["import type { X } from './a.js';", true],
    ["import { type X, type Y } from './a.js';", true],
    ["import { type X, y } from './a.js';", false],
    ["export * from './a.js';", false],
    ["export type { X } from './a.js';", true],
    ["const a = await import('./a.js');", false],
    ["const a = require('./a.js');", false],
    ["import a = require('./a.js');", false],
    ["type A = import('./a.js').A;", true],
  ])('%s', (line, typeOnly) => {
    const found = importsOf(source('libs/kernel/src/b.ts', '// one', '', line));
    expect(found).toEqual([{ file: 'libs/kernel/src/b.ts', line: 3, specifier: './a.js', target: 'libs/kernel/src/a.ts', typeOnly }]);
  });

  it('but not where it is only talked about', () => {
    expect(importsOf(source('libs/kernel/src/b.ts', "// import { x } from './a.js';", "const text = `import './a.js'`;"))).toEqual([]);
  });
});

describe('a planted import is reported', () => {
  it.each([
    ['libs/household/src/plan/decide.ts', '@nestjs/common', 'Nest stays in the shell files'],
    ['libs/platform/src/http/edge.ts', '@nestjs/core', 'Nest stays in the shell files'],
    ['libs/household/src/plan/plan.controller.ts', '@eventstore/db-client', 'the event store client has one adapter'],
    ['libs/eventsourcing/src/memory-store.ts', '@eventstore/db-client', 'the event store client has one adapter'],
    ['libs/kernel/src/money.ts', 'node:crypto', 'the kernel imports nothing'],
    ['libs/kernel/src/money.ts', 'zod', 'the kernel imports nothing'],
    ['libs/kernel/src/money.ts', '@daybook/eventsourcing', 'the kernel imports nothing'],
    ['libs/household/src/plan/decide.ts', 'node:crypto', 'decisions and folds do no input or output'],
    ['libs/household/src/families/projection.ts', 'pg', 'decisions and folds do no input or output'],
    ['libs/platform/src/x.ts', '../../../apps/api/src/main.js', 'a library knows no program'],
    ['libs/eventsourcing/src/x.ts', '@daybook/projections', 'libs/eventsourcing stands below libs/projections'],
    ['libs/platform/src/x.ts', '@daybook/household', 'libs/platform stands below libs/household'],
    ['libs/projections/src/x.ts', '@daybook/platform', 'libs/projections stands below libs/platform or beside it'],
    ['libs/novelty/src/x.ts', '@daybook/kernel', 'libs/novelty has no place among the layers yet'],
    ['libs/household/src/x.ts', '../../kernel/src/money.js', 'libraries meet at their index, by name'],
    ['apps/api/src/x.ts', '../../../libs/kernel/src/money.js', 'libraries meet at their index, by name'],
    ['apps/api/src/x.ts', '../../gateway/src/x.js', 'a program knows no other program'],
    ['apps/api/src/x.ts', '../../daybook/src/x.js', 'a program knows no other program'],
    ['apps/cli/src/x.ts', '../../api/src/x.js', 'a program knows no other program'],
    ['apps/cli/src/x.ts', '../../eventstore/src/node.js', 'a program knows no other program'],
    ['libs/household/src/activity/queries.ts', '../families/table.js', 'a read model hides its table and its fold'],
    ['libs/household/src/activity/projection.ts', '../families/projection.js', 'a read model hides its table and its fold'],
    ['libs/household/src/families/queries.ts', './index.js', 'a folder does not import the index that exports it'],
    ['test/checker/order.ts', '@daybook/kernel', 'the checker shares no code with what it judges'],
    ['test/checker/order.ts', '../faults/history.js', 'the checker shares no code with what it judges'],
    ['test/checker/checker.spec.ts', 'fast-check', 'the checker shares no code with what it judges'],
    ['libs/platform/src/http/edge.ts', '../index.js', 'a folder does not import the index that exports it'],
  ])('%s importing %s', (file, specifier, why) => {
    const findings = planted(file, '// first line', `import { x } from '${specifier}';`);
    expect(findings).toEqual([expect.stringContaining(`${file}:2 imports ${specifier}: ${why}`)]);
  });

  it.each([
    ['libs/household/src/plan/plan.handler.ts', '@nestjs/cqrs'],
    ['apps/api/src/main.ts', '@nestjs/core'],
    ['libs/eventsourcing/src/esdb-store.ts', '@eventstore/db-client'],
    ['test/conformance/appends.it.spec.ts', '@eventstore/db-client'],
    ['libs/kernel/src/hash.spec.ts', 'node:crypto'],
    ['test/checker/history-file.ts', 'node:fs'],
    ['test/faults/recorder.ts', '../checker/index.js'],
    ['libs/kernel/src/money.ts', './errors.js'],
    ['libs/household/src/plan/decide.ts', '@daybook/kernel'],
    ['libs/household/src/activity/queries.ts', '../families/index.js'],
    ['libs/household/src/activity/queries.ts', '../families/queries.js'],
    ['libs/household/src/families/projection.ts', './table.js'],
    ['apps/daybook/src/roles.ts', '../../api/src/api.module.js'],
    ['apps/cli/src/start-command.ts', '../../daybook/src/start-daybook.js'],
    ['apps/cli/src/store/check-command.ts', '../../../eventstore/src/index.js'],
    ['libs/platform/src/index.ts', './http/index.js'],
    ['apps/eventstore/src/main.ts', '../../../libs/platform/src/system/index.js'],
  ])('but not %s importing %s', (file, specifier) => {
    expect(planted(file, `import { x } from '${specifier}';`)).toEqual([]);
  });
});

describe('a planted statement is reported', () => {
  const reads = (file: string, line: string) => foreignTables([FAMILIES_TABLE, source(file, '', line)]);
  const activity = 'libs/household/src/activity/queries.ts';

  it.each([
    "const q = 'SELECT name FROM families WHERE id = $1';",
    'const q = `select 1 from ${schema}.families f`;',
    "const q = 'select * from activity join \"families\" using (space)';",
    "const q = 'DELETE FROM only families';",
    "const q = 'update families set name = null';",
    "const q = database.selectFrom('families').selectAll();",
    "const q = database.selectFrom(['activity', 'families as f']).selectAll();",
    "const q = database.selectFrom('activity').leftJoin('household.families', 'a', 'b');",
  ])('%s', (line) => {
    expect(reads(activity, line)).toEqual([`${activity}:2 reads families, another read model's table`]);
  });

  it.each(["throw new Error('there are no families from before');", "const q = 'select 1 from families_of_words';", "const topic = 'families';"])(
    'but not %s',
    (line) => {
      expect(reads(activity, line)).toEqual([]);
    },
  );

  it('but not in the folder the table belongs to', () => {
    expect(reads('libs/household/src/families/queries.ts', "const q = 'select 1 from families';")).toEqual([]);
  });
});

describe('a planted circle is reported', () => {
  it('between files, with the lines that close it', () => {
    const sources = [
      source('libs/x/src/a.ts', "import { b } from './b.js';"),
      source('libs/x/src/b.ts', '', "import { c } from './c.js';"),
      source('libs/x/src/c.ts', "import { a } from './a.js';"),
    ];
    expect(fileCycles(sources)).toEqual([
      'libs/x/src/a.ts:1 imports ./b.js, libs/x/src/b.ts:2 imports ./c.js, libs/x/src/c.ts:1 imports ./a.js',
    ]);
  });

  it('but not where only types are exchanged between files', () => {
    const sources = [
      source('libs/x/src/a.ts', "import type { B } from './b.js';"),
      source('libs/x/src/b.ts', "import { a } from './a.js';"),
    ];
    expect(fileCycles(sources)).toEqual([]);
  });

  it('between folders, also of types, however many files it takes', () => {
    const sources = [
      source('libs/x/src/one/a.ts', "import type { B } from '../two/b.js';"),
      source('libs/x/src/two/c.ts', "import { d } from '../one/d.js';"),
    ];
    expect(folderCycles(sources)).toEqual([
      'libs/x/src/one/a.ts:1 imports ../two/b.js, libs/x/src/two/c.ts:1 imports ../one/d.js',
    ]);
  });

  it('but not between a folder and the one it lies in', () => {
    const sources = [
      source('libs/x/src/index.ts', "export * from './one/a.js';"),
      source('libs/x/src/one/a.ts', "import { text } from '../text.js';"),
    ];
    expect(folderCycles(sources)).toEqual([]);
  });
});
