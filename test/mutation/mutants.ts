import ts from 'typescript';

/** One small fault: these characters of the file become that text. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly line: number;
  readonly fault: string;
}

const SWAPPED = new Map<ts.SyntaxKind, readonly string[]>([
  [ts.SyntaxKind.LessThanToken, ['<=', '>=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [ts.SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [ts.SyntaxKind.PlusToken, ['-']],
  [ts.SyntaxKind.MinusToken, ['+']],
  [ts.SyntaxKind.AsteriskToken, ['+']],
  [ts.SyntaxKind.AmpersandAmpersandToken, ['||']],
  [ts.SyntaxKind.BarBarToken, ['&&']],
]);
const OPPOSITE_CALLS: Readonly<Record<string, string>> = { every: 'some', some: 'every', find: 'findLast', findLast: 'find' };

/** Every fault that can be planted into a file, in the order of the text. */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile('mutated.ts', source, ts.ScriptTarget.ES2023, true);
  const mutants: Mutant[] = [];
  const plant = (node: ts.Node, text: string): void => {
    const start = node.getStart(file);
    const before = source.slice(start, node.end);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ start, end: node.end, text, line, fault: `${shortened(before)} → ${text === '' ? 'nothing' : shortened(text)}` });
  };
  const visit = (node: ts.Node): void => {
    if (isOfTypesAlone(node) || isGuardOfTypes(node)) return;
    plantInto(node, file, plant);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

function plantInto(node: ts.Node, file: ts.SourceFile, plant: (node: ts.Node, text: string) => void): void {
  if (ts.isBinaryExpression(node)) {
    for (const text of SWAPPED.get(node.operatorToken.kind) ?? []) plant(node.operatorToken, text);
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) plant(node, node.left.getText(file));
  } else if (ts.isIfStatement(node)) {
    plant(node.expression, 'true');
    plant(node.expression, 'false');
  } else if (ts.isConditionalExpression(node)) {
    plant(node.condition, 'true');
    plant(node.condition, 'false');
  } else if (ts.isPrefixUnaryExpression(node)) {
    plant(node, node.operand.getText(file));
  } else if (ts.isBigIntLiteral(node)) {
    plant(node, node.getText(file) === '0n' ? '1n' : '0n');
  } else if (ts.isNumericLiteral(node)) {
    plant(node, String(Number(node.getText(file)) + 1));
  } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
    plant(node, node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true');
  } else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) {
    plant(node, '[]');
  } else if (ts.isSpreadAssignment(node)) {
    plant(node.expression, '{}');
  } else if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
    plant(node, ';');
  } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    plantIntoCall(node, node.expression, file, plant);
  }
}

function plantIntoCall(
  call: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  file: ts.SourceFile,
  plant: (node: ts.Node, text: string) => void,
): void {
  const name = callee.name.text;
  const opposite = OPPOSITE_CALLS[name];
  if (opposite !== undefined) plant(callee.name, opposite);
  if (name === 'filter' || name === 'sort' || name === 'slice') plant(call, callee.expression.getText(file));
}

function isOfTypesAlone(node: ts.Node): boolean {
  return ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTypeNode(node);
}

/** What only a program that breaks its own types could reach: `default: throw … satisfies never`. */
function isGuardOfTypes(node: ts.Node): boolean {
  return ts.isDefaultClause(node) && node.getText().includes('satisfies never');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 50 ? line : `${line.slice(0, 47)}…`;
}
