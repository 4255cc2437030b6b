import { argumentsSchema, refusalsOf, type CommandContract, type ErrorReferenceEntry, type QueryContract } from '@daybook/platform';
import { escapeHtml, page } from './page.js';

type Contract = CommandContract | QueryContract;

/** Every message with its arguments, an example and its refusals, from the contracts; readable without a network. */
export function docsPage(contracts: readonly Contract[], url: string): string {
  const commands = contracts.filter((contract) => contract.kind === 'command');
  const queries = contracts.filter((contract) => contract.kind === 'query');
  return page(
    'Daybook: commands and queries',
    `<h1>Commands and queries</h1>
<p class="lead">Commands change a family, queries read it. The same contracts as <a href="/openapi.json">OpenAPI 3.1</a>;
every refusal is explained under <a href="/docs/errors">errors</a>. <a href="/">Back</a>.</p>
<h2>Commands</h2>${commands.map((contract) => section(contract, url)).join('')}
<h2>Queries</h2>${queries.map((contract) => section(contract, url)).join('')}`,
  );
}

function section(contract: Contract, url: string): string {
  const refusals = refusalsOf(contract)
    .map((code) => `<a href="/docs/errors#${code}">${code}</a>`)
    .join(', ');
  return `<h3 id="${contract.name}">${contract.name}</h3>
<p>${escapeHtml(contract.summary)}</p>
${argumentsTable(contract)}
<pre><code>${escapeHtml(curlExample(contract, url))}</code></pre>
<p class="faint">May answer ${refusals}.</p>`;
}

function argumentsTable(contract: Contract): string {
  const schema = argumentsSchema(contract);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>);
  if (properties.length === 0) return '<p class="faint">No arguments.</p>';
  const required = new Set((schema['required'] ?? []) as string[]);
  const rows = properties.map(([name, property]) => {
    const fallback = 'default' in property ? `, default ${JSON.stringify(property['default'])}` : ', optional';
    const need = required.has(name) ? 'required' : `${String(property['type'] ?? 'text')}${fallback}`;
    return `<tr><td><code>${name}</code></td><td>${escapeHtml(need)}</td><td>${escapeHtml(String(property['description'] ?? ''))}</td></tr>`;
  });
  return `<table><tr><th>argument</th><th></th><th></th></tr>${rows.join('')}</table>`;
}

export function curlExample(contract: Contract, url: string): string {
  const authorization = '-H "authorization: Bearer $TOKEN"';
  if (contract.kind === 'command') {
    const body = JSON.stringify(contract.example);
    return `curl -s ${url}/v1/commands/${contract.name} ${authorization} \\
  -H 'content-type: application/json' -d '${body}'`;
  }
  const query = new URLSearchParams(contract.example as Record<string, string>).toString();
  return `curl -s '${url}/v1/queries/${contract.name}${query === '' ? '' : `?${query}`}' ${authorization}`;
}

export function errorsPage(errors: readonly ErrorReferenceEntry[]): string {
  const sections = errors.map(
    ({ code, title, category, status, advice }) => `<h3 id="${code}">${code}</h3>
<p>${escapeHtml(title)}. <span class="faint">HTTP ${status}, ${category}.</span></p>
<p>${escapeHtml(advice)}</p>`,
  );
  return page(
    'Daybook: errors',
    `<h1>Errors</h1>
<p class="lead">Every error is problem+json (RFC 9457); programs decide by <code>code</code>, which never changes its
meaning. <a href="/docs">Back</a>.</p>${sections.join('')}`,
  );
}
