import { DaybookError } from '@daybook/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OriginPolicy } from './origin-policy.js';

const ALLOWED_METHODS = 'GET, HEAD, POST';
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer, Traceparent, Tracestate';
const EXPOSED_HEADERS = [
  'Allow',
  'Daybook-Position',
  'Daybook-Trace-Id',
  'Deprecation',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Sunset',
  'WWW-Authenticate',
].join(', ');
const PREFLIGHT_SECONDS = 600;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The exact list, never `*`, and no credentials: tokens travel in a header, there are no cookies. A page that is not on
 * the list cannot read an answer; it cannot change anything either, because what it may send without asking first is
 * refused here. Returns true when the request was a preflight and has been answered.
 */
export function applyCors(request: FastifyRequest, reply: FastifyReply, policy: OriginPolicy): boolean {
  appendVary(reply, 'Origin');
  const { origin } = request.headers;
  if (origin === undefined) return false;
  const isAllowed = policy.allows(origin, request.headers.host);
  if (!isAllowed && (isPreflight(request) || !READING.has(request.method))) {
    throw new DaybookError('FORBIDDEN', 'Pages of this origin may not use this server; add it to CORS_ORIGINS.');
  }
  if (!isAllowed) return false;
  reply.header('access-control-allow-origin', origin);
  if (!isPreflight(request)) {
    reply.header('access-control-expose-headers', EXPOSED_HEADERS);
    return false;
  }
  appendVary(reply, 'Access-Control-Request-Method');
  appendVary(reply, 'Access-Control-Request-Headers');
  reply
    .code(204)
    .header('access-control-allow-methods', ALLOWED_METHODS)
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', String(PREFLIGHT_SECONDS))
    .send();
  return true;
}

export function appendVary(reply: FastifyReply, name: string): void {
  const header = reply.getHeader('vary');
  if (header === undefined) {
    reply.header('vary', name);
    return;
  }
  const present = String(header)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (present.some((item) => item.toLowerCase() === name.toLowerCase())) return;
  reply.header('vary', [...present, name].join(', '));
}

function isPreflight(request: FastifyRequest): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
}
