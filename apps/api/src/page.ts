import { createHash } from 'node:crypto';

const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1d2733; --quiet: #515c68; --paper: #fdfcf9; --soft: #f1eee6; --line: #ddd7c9; --link: #0a5c42; --bad: #a8261b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e3dc; --quiet: #b0b7be; --paper: #171b20; --soft: #20262d; --line: #38414b; --link: #74d9b2; --bad: #ff9b8f;
  }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 2rem; margin: 0 0 .25rem; letter-spacing: -.02em; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .25rem; font-family: ui-monospace, monospace; }
p { margin: .4rem 0; }
.lead { margin-top: 0; }
a { color: var(--link); }
code { font: .86rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1rem; }
pre, pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
table.compact { width: auto; }
td, th { border-bottom: 1px solid var(--line); padding: .35rem 1.25rem .35rem 0; text-align: left; vertical-align: top; }
table.compact td { padding-top: .1rem; padding-bottom: .1rem; }
th { color: var(--quiet); font-size: .86rem; font-weight: 600; }
td:first-child { white-space: nowrap; }
.anchors { list-style: none; padding: 0; }
.anchors li { display: inline-block; margin: 0 1rem .15rem 0; }
.ok { color: var(--link); } .bad { color: var(--bad); }
.quiet { color: var(--quiet); }
:target { background: var(--soft); }
`;

/** The one inline style is named by its hash, so the page needs no relaxation for anything else. */
export const PAGE_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Text in which `backticks` mean code, as in the advice about errors. */
export function richText(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
