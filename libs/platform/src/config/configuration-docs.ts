import { aboutVariable, VARIABLE_NAMES } from './variables.js';

const INTRODUCTION = `# Configuration

<!-- Made by \`node bin/configuration-docs.cjs\` from libs/platform/src/config/variables.ts. Do not edit. -->

Daybook is configured by environment variables, read once at the start. All are optional: \`npm start\` needs none. A
wrong value stops the start, and the message lists every fault at once. An empty value counts as none.

Every variable marked **secret** can also be given as the name of a file, in \`<NAME>_FILE\` (Docker and Kubernetes
secrets); it never appears in logs or messages.
`;

const COMMAND_LINE = `## The command line

| variable | meaning | allowed | default |
|---|---|---|---|
| \`DAYBOOK_URL\` | Which running instance \`npx daybook status\` and \`npx daybook token\` talk to; the same as \`--url\`. | an http(s) address | http://127.0.0.1 at \`PORT\` |
`;

/** docs/configuration.md, from the schema itself. */
export function renderConfigurationDocs(): string {
  const groups = [...new Set(VARIABLE_NAMES.map((name) => aboutVariable(name).group))];
  return [INTRODUCTION, ...groups.map(renderGroup), COMMAND_LINE].join('\n');
}

function renderGroup(group: string): string {
  const rows = VARIABLE_NAMES.filter((name) => aboutVariable(name).group === group).map((name) => {
    const { about, allowed, default: standard, secret } = aboutVariable(name);
    const cells = [`\`${name}\`${secret ? ' **secret**' : ''}`, about, allowed, standard];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `## ${group}\n\n| variable | meaning | allowed | default |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}
