import { DaybookError } from '@daybook/kernel';
import { ZodError } from 'zod';
import { validationFailed, validationFailedBy } from './validation.js';

const KIB = 1024;

/**
 * Whatever was thrown, as a member of the closed list. Errors of Fastify, Nest and Node are told by shape, not by
 * class, so that this file imports none of them; what it does not know is INTERNAL, and its text stays inside.
 * `bodyLimit` is the one of the route, in bytes, told to whoever went beyond it.
 */
export function toDaybookError(thrown: unknown, bodyLimit?: number): DaybookError {
  if (thrown instanceof DaybookError) return thrown;
  if (thrown instanceof ZodError) return validationFailedBy(thrown);
  const known = byFastifyCode(errorCode(thrown), bodyLimit) ?? byStatus(httpStatus(thrown), bodyLimit);
  return known ?? new DaybookError('INTERNAL', 'unexpected');
}

function byFastifyCode(code: string | undefined, bodyLimit: number | undefined): DaybookError | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge(bodyLimit);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new DaybookError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return validationFailed([], 'The body is not as long as Content-Length says.');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_INVALID_URL':
      return validationFailed([], 'The address is not a valid URL path.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
    case 'FST_ERR_NOT_FOUND':
      return new DaybookError('NOT_FOUND', 'no such address');
    case undefined:
    default:
      return undefined;
  }
}

function byStatus(status: number | undefined, bodyLimit: number | undefined): DaybookError | undefined {
  switch (status) {
    case 400:
      return validationFailed([], 'The request is not well formed.');
    case 401:
      return new DaybookError('UNAUTHENTICATED', 'no valid token');
    case 403:
      return new DaybookError('FORBIDDEN', 'Your role does not allow this.');
    case 404:
      return new DaybookError('NOT_FOUND', 'no such address');
    case 405:
      return new DaybookError('METHOD_NOT_ALLOWED', 'This address does not take this method.');
    case 406:
      return new DaybookError('NOT_ACCEPTABLE', 'None of the accepted media types is available.');
    case 408:
      return new DaybookError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
    case 413:
      return bodyTooLarge(bodyLimit);
    case 415:
      return new DaybookError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
    case 431:
      return new DaybookError('HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB.');
    case undefined:
    default:
      return undefined;
  }
}

function bodyTooLarge(limit: number | undefined): DaybookError {
  const size = limit === undefined ? '' : `the ${sizeText(limit)} `;
  return new DaybookError('PAYLOAD_TOO_LARGE', `The body is larger than ${size}this address takes.`);
}

function sizeText(bytes: number): string {
  return bytes % (KIB * KIB) === 0 ? `${bytes / (KIB * KIB)} MiB` : `${bytes / KIB} KiB`;
}

function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/**
 * Only Fastify's own errors, a body cut off on its way, and Nest's HttpException are believed: an error of some client
 * library that carries a status speaks of another request than this one.
 */
function httpStatus(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { statusCode, getStatus } = thrown as { statusCode?: unknown; getStatus?: unknown };
  const code = errorCode(thrown);
  const isFrameworks = code?.startsWith('FST_') === true || code === 'ECONNRESET';
  if (isFrameworks && typeof statusCode === 'number') return statusCode;
  if (typeof getStatus !== 'function') return undefined;
  const status: unknown = getStatus.call(thrown);
  return typeof status === 'number' ? status : undefined;
}
