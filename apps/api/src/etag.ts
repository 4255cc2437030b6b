import { createHash } from 'node:crypto';
import type { ShownAnswer } from './query-pipeline.js';

/**
 * Weak, because it names what is said and not how it is written. The position is no part of it: an answer that is
 * unchanged at a later position is the same one. Nobody else's answer has it: the caller is a part.
 */
export function etagOf(userId: string, { data, nextCursor, stale }: ShownAnswer): string {
  const digest = createHash('sha256').update(JSON.stringify({ userId, data, nextCursor, stale })).digest('base64url');
  return `W/"${digest.slice(0, 27)}"`;
}

/** Whether the client says in `If-None-Match` that it has this answer already (RFC 9110 §13.1.2, weak comparison). */
export function hasAlready(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}
