import {
  argumentsSchema,
  COMMAND_BATCH_MEANING,
  IDEMPOTENCY_KEY_MEANING,
  IF_NONE_MATCH_MEANING,
  MIN_POSITION_MEANING,
  PREFER_MEANING,
  QUERY_BATCH_MEANING,
  takesPages,
  type CommandContract,
  type QueryContract,
} from '@daybook/platform';
import { codeLinks } from './errors-page.js';
import { escapeHtml, page, richText } from './page.js';

type Contract = CommandContract | QueryContract;

/** Every message with its arguments, an example and its refusals, from the contracts; readable without a network. */
export function docsPage(contracts: readonly Contract[], url: string): string {
  const commands = contracts.filter((contract) => contract.kind === 'command');
  const queries = contracts.filter((contract) => contract.kind === 'query');
  return page(
    'Daybook: commands and queries',
    `<h1>Commands and queries</h1>
<p class="lead">Commands change a family, queries read it. The same contracts as <a href="/openapi.json">OpenAPI 3.1</a>;
every refusal is explained under <a href="/docs/errors">errors</a>; the <a href="/">first page</a> says how to get a
<code>$TOKEN</code>.</p>
${COMMON}
<h2>Commands</h2>${commands.map((contract) => section(contract, url)).join('')}
<h2>Queries</h2>${queries.map((contract) => section(contract, url)).join('')}`,
  );
}

const COMMAND_ANSWER = `{
  "commandId": "9b2f0c3e-5d41-4c7a-8f56-0a1b2c3d4e5f",
  "position": "7c0e9a52-0000000000001a2b",
  "result": { … },
  "projected": true
}`;

const QUERY_ANSWER = `{
  "data": { … },
  "position": "7c0e9a52-0000000000001a2b"
}`;

const COMMAND_BATCH = `POST /v1/commands
{ "commands": [{ "name": "createFamily", "args": { … }, "idempotencyKey": "…" }, …] }     500 at most

{ "results": [{ "commandId": …, "position": …, "result": { … }, "projected": true }, { "problem": { … } }] }`;

const QUERY_BATCH = `POST /v1/queries
{ "queries": [{ "name": "getFamilyDetails", "args": { … } }, …], "minPosition": "…" }     20 at most

{ "position": …, "results": [{ "data": { … }, "position": … }, { "problem": { … } }] }`;

const COMMON = `<h2>What they have in common</h2>
<p>A command takes its arguments as a JSON object and answers when its events are durable:</p>
<pre><code>${escapeHtml(COMMAND_ANSWER)}</code></pre>
<table><tr><th>header</th><th>meaning</th></tr>
<tr><td><code>Idempotency-Key</code></td><td>${richText(IDEMPOTENCY_KEY_MEANING)}</td></tr>
<tr><td><code>Prefer: wait=2</code></td><td>${richText(PREFER_MEANING)}</td></tr></table>
<p>A query takes its arguments in the query string and answers rows and the position they are at, from one snapshot:</p>
<pre><code>${escapeHtml(QUERY_ANSWER)}</code></pre>
<table><tr><th>parameter</th><th>meaning</th></tr>
<tr><td><code>minPosition</code></td><td>${richText(MIN_POSITION_MEANING)}</td></tr>
<tr><td><code>If-None-Match</code> (header)</td><td>${richText(IF_NONE_MATCH_MEANING)}</td></tr></table>
<p>A list also answers <code>nextCursor</code>: pass it as <code>cursor</code>, with the same arguments, for the next
page; <code>null</code> says that there is none.</p>
<h3>Many at once</h3>
<p>${richText(COMMAND_BATCH_MEANING)}</p>
<pre><code>${escapeHtml(COMMAND_BATCH)}</code></pre>
<p>${richText(QUERY_BATCH_MEANING)}</p>
<pre><code>${escapeHtml(QUERY_BATCH)}</code></pre>
<p>While the read models of a family stand still, its answers carry <code>stale</code>: since when, and why. Every answer
names itself in <code>Daybook-Trace-Id</code>.</p>`;

function section(contract: Contract, url: string): string {
  return `<h3 id="${contract.name}">${contract.name}</h3>
<p>${escapeHtml(contract.summary)}${contract.kind === 'query' && takesPages(contract) ? ' In pages.' : ''}</p>
${argumentsTable(contract)}
<pre><code>${escapeHtml(curlExample(contract, url))}</code></pre>
<p class="quiet">May answer ${refusals(contract)}.</p>`;
}

function refusals({ kind, refusals: own }: Contract): string {
  const common = `<a href="/docs/errors#every-${kind}">the codes every ${kind} may answer</a>`;
  return own.length === 0 ? common : `${codeLinks(own, '/docs/errors')} and ${common}`;
}

function argumentsTable(contract: Contract): string {
  const schema = argumentsSchema(contract);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>);
  if (properties.length === 0) return '<p class="quiet">No arguments.</p>';
  const required = new Set((schema['required'] ?? []) as string[]);
  const rows = properties.map(
    ([name, property]) =>
      `<tr><td><code>${name}</code></td><td>${escapeHtml(typeText(property, required.has(name)))}</td>` +
      `<td>${escapeHtml(String(property['description'] ?? ''))}</td></tr>`,
  );
  return `<table><tr><th>argument</th><th>type</th><th>meaning</th></tr>${rows.join('')}</table>`;
}

/** `string of 1 to 80 characters, required` */
function typeText(property: Record<string, unknown>, isRequired: boolean): string {
  const { type, format, minLength, maxLength } = property;
  const named = Array.isArray(property['enum']) ? property['enum'].join(' or ') : [type ?? 'any'].flat().join(' or ');
  const bounds = maxLength === undefined ? '' : ` of ${String(minLength ?? 0)} to ${String(maxLength)} characters`;
  const kind = format === undefined ? `${named}${bounds}` : String(format);
  if ('default' in property) return `${kind}, default ${JSON.stringify(property['default'])}`;
  return `${kind}, ${isRequired ? 'required' : 'optional'}`;
}

export function curlExample(contract: Contract, url: string): string {
  const authorization = '-H "authorization: Bearer $TOKEN"';
  if (contract.kind === 'command') {
    const body = JSON.stringify(contract.example);
    return `curl -s ${url}/v1/commands/${contract.name} ${authorization} \\
  -H 'content-type: application/json' \\
  -d '${body}'`;
  }
  const query = new URLSearchParams(contract.example as Record<string, string>).toString();
  return `curl -s '${url}/v1/queries/${contract.name}${query === '' ? '' : `?${query}`}' \\
  ${authorization}`;
}
