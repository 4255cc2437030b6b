// Lints snippets as if each stood in the file it names, with the project's own configuration. A process of its own,
// because ESLint imports its configuration as an ES module. stdin: [{ file, code, typed }], stdout: [[rule id, …], …].
import { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

const snippets = JSON.parse(readFileSync(0, 'utf8'));
const withTypes = new ESLint();
// Asking the compiler about the whole project again for each snippet takes its time: only where a rule needs types.
const withoutTypes = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });
const rules = [];
for (const { file, code, typed } of snippets) {
  const [result] = await (typed ? withTypes : withoutTypes).lintText(code, { filePath: file, warnIgnored: true });
  rules.push(result.messages.map((message) => message.ruleId ?? message.message));
}
process.stdout.write(JSON.stringify(rules));
