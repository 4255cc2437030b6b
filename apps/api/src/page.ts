import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --paper: #fdfcf9; --soft: #f1eee6; --line: #ddd7c9; --accent: #0b6e4f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e3dc; --paper: #171b20; --soft: #20262d; --line: #38414b; --accent: #5cc9a0; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2rem; margin: 0 0 .25rem; letter-spacing: -.02em; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .25rem; font-family: ui-monospace, monospace; }
.lead { margin-top: 0; }
a { color: var(--accent); }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1rem; overflow-x: auto; }
code { font: .86rem/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
td:first-child { min-width: 9rem; }
td, th { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
.ok { color: var(--accent); } .bad { color: #c0392b; }
.faint { opacity: .7; }
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
