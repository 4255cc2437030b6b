// Lints snippets as if each stood in the file it names, with the project's own configuration. A process of its own,
// because ESLint imports its configuration as an ES module. stdin: [{ file, code }], stdout: [[rule id, …], …].
import { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';

const snippets = JSON.parse(readFileSync(0, 'utf8'));
const eslint = new ESLint();
const rules = [];
for (const { file, code } of snippets) {
  const [result] = await eslint.lintText(code, { filePath: file, warnIgnored: true });
  rules.push(result.messages.map((message) => message.ruleId ?? message.message));
}
process.stdout.write(JSON.stringify(rules));
