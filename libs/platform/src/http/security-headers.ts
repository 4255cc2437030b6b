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
