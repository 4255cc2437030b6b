import type { FastifyReply } from 'fastify';

const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const HSTS_SECONDS = 31_536_000;
const HEADERS = {
  'content-security-policy': API_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};
const HEADERS_WITH_TLS = { ...HEADERS, 'strict-transport-security': `max-age=${HSTS_SECONDS}` };

/** Set before the handler runs, so that a handler that serves a page may replace the policy. */
export function applySecurityHeaders(reply: FastifyReply, isTls: boolean): void {
  reply.headers(isTls ? HEADERS_WITH_TLS : HEADERS);
}

/** Nothing is kept by caches unless the handler says so. */
export function applyCacheDefault(reply: FastifyReply): void {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
}
