import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

/** One import as it stands in a file; the architecture tests judge lists of these and nothing else. */
export interface Import {
  /** Importing file, from the root of the project, with forward slashes. */
  readonly file: string;
  readonly line: number;
  /** As written: `./table.js`, `@daybook/kernel`, `node:fs`. */
  readonly specifier: string;
  /** Imported file, where it is one of ours; library imports lead to the library's index. */
  readonly target: string | null;
  /** Erased by the compiler: `import type`. */
  readonly typeOnly: boolean;
}

export interface Source {
  readonly file: string;
  readonly text: string;
}

export const PROJECT_ROOT = path.resolve(__dirname, '../..');
const SOURCE_ROOTS = ['apps', 'libs', 'test', 'bench'];

export function projectSources(): Source[] {
  return SOURCE_ROOTS.flatMap((root) => fs.readdirSync(path.join(PROJECT_ROOT, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => path.posix.join(root, name.split(path.sep).join('/'))))
    .sort()
    .map((file) => ({ file, text: fs.readFileSync(path.join(PROJECT_ROOT, file), 'utf8') }));
}

export function importsOf(source: Source): Import[] {
  const { file } = source;
  const parsed = parse(source);
  const found: Import[] = [];
  const add = (literal: ts.Node | undefined, typeOnly: boolean) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    found.push({ file, line: lineOf(parsed, literal), specifier: literal.text, target: targetOf(file, literal.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isCallExpression(node) && isImportCall(node)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

export interface TextInFile {
  readonly line: number;
  readonly text: string;
}

/** Every piece of text in a file: literals and the fixed parts of templates. */
export function textsOf(source: Source): TextInFile[] {
  const parsed = parse(source);
  const found: TextInFile[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push({ line: lineOf(parsed, node), text: node.text });
    if (ts.isTemplateExpression(node)) {
      const fixed = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
      found.push({ line: lineOf(parsed, node), text: fixed.join('\0') });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

const NAMES_A_TABLE = /^(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|from|using|(inner|left|right|full|cross)Join)$/;

/** Tables that the query builder is asked for: `selectFrom('families')`, `innerJoin('families as f', …)`. */
export function tablesAskedFor(source: Source): TextInFile[] {
  const parsed = parse(source);
  const found: TextInFile[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && NAMES_A_TABLE.test(node.expression.name.text)) {
      const [first] = node.arguments;
      const named = first !== undefined && ts.isArrayLiteralExpression(first) ? [...first.elements] : [first];
      for (const one of named) {
        if (one === undefined || !ts.isStringLiteralLike(one)) continue;
        found.push({ line: lineOf(parsed, one), text: one.text.replace(/ as .*$/, '').replace(/^.*\./, '') });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

const alreadyParsed = new WeakMap<Source, ts.SourceFile>();

function parse(source: Source): ts.SourceFile {
  const known = alreadyParsed.get(source);
  if (known !== undefined) return known;
  const parsed = ts.createSourceFile(source.file, source.text, ts.ScriptTarget.ES2023, true);
  alreadyParsed.set(source, parsed);
  return parsed;
}

function lineOf(parsed: ts.SourceFile, node: ts.Node): number {
  return parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line + 1;
}

/** `import type …`, and `import { type … }` of types alone. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  const named = clause.namedBindings;
  const onlyTypes = named !== undefined && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
  return clause.isTypeOnly || (clause.name === undefined && onlyTypes);
}

function isImportCall(call: ts.CallExpression): boolean {
  const callee = call.expression;
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function targetOf(file: string, specifier: string): string | null {
  const library = /^@daybook\/([a-z-]+)$/.exec(specifier);
  if (library !== null) return `libs/${library[1]}/src/index.ts`;
  if (!specifier.startsWith('.')) return null;
  return path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts');
}
