import { escapeHtml, page } from './page.js';

export interface HomePageFacts {
  readonly version: string;
  readonly url: string;
  readonly authMode: string;
  readonly isReady: boolean;
  /** Where dev mode has put the clock, when it is not the machine's. */
  readonly testClock: string | undefined;
  readonly checks: readonly { readonly name: string; readonly isOk: boolean; readonly action: string }[];
}

/** What `/` shows until the family page lands: is it well, where are the docs, which lines to try. */
export function homePage(facts: HomePageFacts): string {
  const status = facts.isReady ? '<b class="ok">ready</b>' : '<b class="bad">not ready</b>';
  const checks = facts.checks
    .map((check) => {
      const mark = check.isOk ? '<span class="ok">●</span>' : '<span class="bad">●</span>';
      return `<tr><td>${mark} ${escapeHtml(check.name)}</td><td>${check.isOk ? 'well' : escapeHtml(check.action)}</td></tr>`;
    })
    .join('');
  return page(
    'Daybook',
    `<h1>Daybook</h1>
<p class="lead">The shared daily budget of a household. Version ${escapeHtml(facts.version)}, ${status}.</p>
${clockLine(facts.testClock)}<table class="compact">${checks}</table>
<h2>Try it</h2>
<pre><code>${escapeHtml(firstSteps(facts.url, facts.authMode))}</code></pre>
<h2>Read on</h2>
<ul>
<li><a href="/docs">Commands and queries</a>, with an example each</li>
<li><a href="/docs/errors">Every error code</a>, and what to do about it</li>
<li><a href="/openapi.json">OpenAPI 3.1</a>, for generated clients</li>
<li><a href="/health/ready">Health</a> and <a href="/metrics">metrics</a>, for operators</li>
</ul>`,
  );
}

function clockLine(testClock: string | undefined): string {
  if (testClock === undefined) return '';
  return `<p>The clock was moved: here it is <b>${escapeHtml(testClock)}</b>.</p>\n`;
}

/** Lines that work as they stand, in the order a newcomer needs them. */
export function firstSteps(url: string, authMode: string): string {
  const token =
    authMode === 'dev'
      ? `TOKEN=$(curl -s ${url}/v1/dev/tokens -H 'content-type: application/json' \\
  -d '{"userId":"me"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`
      : 'TOKEN=…   # an access token of your identity provider';
  return `# 1. a token
${token}

# 2. a family
curl -s ${url}/v1/commands/createFamily -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' -H 'prefer: wait=2' -d '{"name":"Home","currency":"EUR"}'

# 3. what you belong to
curl -s ${url}/v1/queries/getUserFamilyContext -H "authorization: Bearer $TOKEN"`;
}
