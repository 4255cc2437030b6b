import type { FastifyReply } from 'fastify';

const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const HSTS_SECONDS = 31_536_000;

/** Set before the handler runs, so that a handler that serves a page may replace the policy. */
export function applySecurityHeaders(reply: FastifyReply, isTls: boolean): void {
  reply
    .header('content-security-policy', API_POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('x-frame-options', 'DENY');
  if (isTls) reply.header('strict-transport-security', `max-age=${HSTS_SECONDS}`);
}

/** Nothing is kept by caches unless the handler says so. */
export function applyCacheDefault(reply: FastifyReply): void {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
}

/** For pages this server serves itself: their own scripts, styles and live socket, nothing from elsewhere. */
export const PAGE_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** The same for a page whose scripts and styles are inside it: each is named by its SHA-256 (base64). */
export function inlinePagePolicy(scriptHashes: readonly string[], styleHashes: readonly string[]): string {
  const sources = (hashes: readonly string[]) => ["'self'", ...hashes.map((hash) => `'sha256-${hash}'`)].join(' ');
  return PAGE_CONTENT_SECURITY_POLICY.replace("script-src 'self'", `script-src ${sources(scriptHashes)}`).replace(
    "style-src 'self'",
    `style-src ${sources(styleHashes)}`,
  );
}
