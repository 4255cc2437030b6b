import type { ErrorCode } from '@daybook/kernel';
import {
  COMMAND_REFUSALS,
  COMMON_REFUSALS,
  ERROR_CATEGORIES,
  QUERY_REFUSALS,
  type ErrorReferenceEntry,
} from '@daybook/platform';
import { escapeHtml, page, richText } from './page.js';

const RETRYABLE = '<span title="worth sending again as it is">↻</span>';

/** The closed list of codes by category, each under its own anchor. */
export function errorsPage(errors: readonly ErrorReferenceEntry[]): string {
  const groups = Object.entries(ERROR_CATEGORIES).map(([category, meaning]) => ({
    category,
    meaning,
    entries: errors.filter((entry) => entry.category === category),
  }));
  const contents = groups.map(
    ({ category, entries }) => `<li><a href="#${category}">${category}</a> <span class="quiet">${entries.length}</span></li>`,
  );
  return page(
    'Daybook: errors',
    `<h1>Errors</h1>
<p class="lead">Every error is problem+json (RFC 9457); programs decide by <code>code</code>, which never changes its
meaning. ${RETRYABLE} marks what carries <code>Retry-After</code> and is worth sending again as it is, with the same
<code>Idempotency-Key</code>. Back to <a href="/docs">commands and queries</a>.</p>
<ul class="anchors">${contents.join('')}</ul>
<p class="quiet">Every command and query may answer ${codeLinks(COMMON_REFUSALS)}.</p>
<p id="every-command" class="quiet">Every command may also answer ${codeLinks(COMMAND_REFUSALS)}.</p>
<p id="every-query" class="quiet">Every query may also answer ${codeLinks(QUERY_REFUSALS)}.</p>
${groups.map(group).join('')}`,
  );
}

/** Links to codes, on this page or on another one. */
export function codeLinks(codes: readonly ErrorCode[], path = ''): string {
  return codes.map((code) => `<a href="${path}#${code}">${code}</a>`).join(', ');
}

interface Group {
  readonly category: string;
  readonly meaning: string;
  readonly entries: readonly ErrorReferenceEntry[];
}

function group({ category, meaning, entries }: Group): string {
  return `<h2 id="${category}">${category}</h2>
<p>${escapeHtml(meaning)}</p>${entries.map(entry).join('')}`;
}

function entry({ code, title, status, advice, isRetryable }: ErrorReferenceEntry): string {
  return `<h3 id="${code}">${code}</h3>
<p>${escapeHtml(title)}. <span class="quiet">HTTP ${status}${isRetryable ? ` ${RETRYABLE}` : ''}</span></p>
<p>${richText(advice)}</p>`;
}
