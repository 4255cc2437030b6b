import { DaybookError, ERRORS, type ErrorCategory, type ErrorCode, type FieldError } from '@daybook/kernel';

/**
 * The one place where a code becomes an HTTP status. What a code means is in the kernel; here is how it travels over
 * HTTP and what its reader does next.
 */
interface HttpMeaning {
  readonly status: number;
  /** What the caller does about it: one sentence, shown in the docs. */
  readonly advice: string;
  /** Seconds; sent as `Retry-After` unless the error carries its own. */
  readonly retryAfter?: number;
}

export const HTTP_MEANING = {
  VALIDATION_FAILED: { status: 400, advice: 'Correct the fields named in `errors` and send it again.' },
  AMOUNT_PRECISION: { status: 422, advice: 'Round the amount to the decimals of its currency.' },
  UNKNOWN_COMMAND: { status: 404, advice: 'Compare the name with the list of commands in `/docs`.' },
  UNKNOWN_QUERY: { status: 404, advice: 'Compare the name with the list of queries in `/docs`.' },
  METHOD_NOT_ALLOWED: { status: 405, advice: 'Use one of the methods named in the `Allow` header.' },
  NOT_ACCEPTABLE: { status: 406, advice: 'Accept one of the media types named in `available`.' },
  PAYLOAD_TOO_LARGE: { status: 413, advice: 'Send less at once: 256 KiB for a command, 1 MiB for a batch.' },
  HEADERS_TOO_LARGE: { status: 431, advice: 'Send less than 16 KiB of headers; a large token is the usual reason.' },
  REQUEST_TIMEOUT: { status: 408, advice: 'Send headers within 5 seconds and the whole request within 10.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, advice: 'Send the body as `application/json` in UTF-8.' },
  MISDIRECTED_REQUEST: { status: 421, advice: 'Use the address the server printed at start, or set `PUBLIC_URL`.' },
  CURSOR_INVALID: { status: 400, advice: 'Start from the first page with the same arguments.' },
  UNAUTHENTICATED: { status: 401, advice: 'Get a fresh access token and send it as `Authorization: Bearer`.' },
  FORBIDDEN: { status: 403, advice: 'Ask somebody whose role allows it; for a web page elsewhere, add its origin to `CORS_ORIGINS`.' },
  ACTOR_MISMATCH: { status: 403, advice: 'Leave the caller’s id out: the caller is always the token’s user.' },
  NOT_FOUND: { status: 404, advice: 'Check the id, and that you are still a member of that family.' },
  USER_UNKNOWN: { status: 404, advice: 'Let the person sign in once, or send an invitation instead.' },
  CURRENCY_MISMATCH: { status: 422, advice: 'Use the currency of the family.' },
  SPLIT_SUM_MISMATCH: { status: 422, advice: 'Make the lines add up to the amount.' },
  PERIOD_CLOSED: { status: 422, advice: 'Reopen the period, or use a date in an open one.' },
  CATEGORY_ARCHIVED: { status: 422, advice: 'Restore the category, or use another one.' },
  DATE_OUT_OF_RANGE: { status: 422, advice: 'Use a date that `detail` names: near enough to today, or of the period whose turn it is.' },
  BEFORE_BUDGET_START: { status: 422, advice: 'Use a date on or after the start of the budget.' },
  PLAN_MISSING: { status: 422, advice: 'Set a plan for the period first.' },
  ALREADY_MEMBER: { status: 422, advice: 'Nothing to do: the user is in the family.' },
  LAST_MANAGER: { status: 422, advice: 'Make somebody else a manager first.' },
  INVITATION_EXPIRED: { status: 422, advice: 'Ask for a new invitation.' },
  INVITATION_USED: { status: 422, advice: 'Ask for a new invitation.' },
  INVITATION_REVOKED: { status: 422, advice: 'Ask for a new invitation.' },
  INVITATION_ATTEMPTS: { status: 429, advice: 'Wait, then type the code exactly as it was given.', retryAfter: 3600 },
  FAMILY_CLOSED: { status: 422, advice: 'Only reading and exporting are left; create another family to go on.' },
  FAMILY_EXISTS: { status: 409, advice: 'Leave the id out, or use a new one.' },
  VERSION_CONFLICT: { status: 409, advice: 'Read the current state, apply the change to it, send its version.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    advice: 'Use a new key for a new request: a key counts per caller, command and family, and goes with its arguments.',
  },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, advice: 'Wait and ask again with the same key.', retryAfter: 1 },
  POSITION_OTHER_LOG: { status: 409, advice: 'Drop stored positions and cursors and read everything anew.' },
  RATE_LIMITED: { status: 429, advice: 'Wait as long as `Retry-After` says.', retryAfter: 1 },
  PROJECTION_BEHIND: { status: 503, advice: 'Ask again in a moment.', retryAfter: 1 },
  PROJECTION_PARKED: { status: 503, advice: 'Read without `minPosition`; an operator has to look.', retryAfter: 30 },
  OUTCOME_UNKNOWN: { status: 503, advice: 'Send it again with the `commandId` as its key.', retryAfter: 1 },
  STORE_UNAVAILABLE: { status: 503, advice: 'Try again with the same key; reading still works.', retryAfter: 2 },
  DATABASE_UNAVAILABLE: { status: 503, advice: 'Try again; commands still work.', retryAfter: 2 },
  AUTH_UNAVAILABLE: { status: 503, advice: 'Keep the token and try again.', retryAfter: 30 },
  STORAGE_FULL: { status: 503, advice: 'Reading still works; the operator has to free space.', retryAfter: 60 },
  SHUTTING_DOWN: { status: 503, advice: 'Connect again and send it with the same key.', retryAfter: 2 },
  INTERNAL: { status: 500, advice: 'Report the `traceId` to whoever runs the server.' },
} as const satisfies Record<ErrorCode, HttpMeaning>;

/**
 * Answers that must not tell two cases apart: "not there" from "not yours", "no token" from "a forged one", one fault
 * of ours from another. Their detail is fixed, and data given with the error stays inside.
 */
const ONE_SHAPE: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'There is nothing here, or it is not yours to see.',
  UNAUTHENTICATED: 'This needs a valid access token: Authorization: Bearer <token>.',
  INTERNAL: 'Something went wrong on the server; the traceId finds it in its log.',
};

export interface ProblemContext {
  readonly publicUrl: string;
  /** Path of the request, without its query. */
  readonly instance: string;
  readonly traceId: string;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly detail: string;
  readonly errors?: readonly (FieldError & { readonly path: string })[];
  readonly instance: string;
  readonly traceId: string;
  readonly [data: string]: unknown;
}

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function problemType(publicUrl: string, code: ErrorCode): string {
  return `${publicUrl.replace(/\/$/, '')}/docs/errors#${code}`;
}

export function problemAnswer(error: DaybookError, context: ProblemContext): ProblemAnswer {
  const { code } = error;
  const meaning: HttpMeaning = HTTP_MEANING[code];
  const fixedDetail = ONE_SHAPE[code];
  const { errors, retryAfterSeconds, ...data } = fixedDetail === undefined ? error.data : {};
  const members: Problem = {
    type: problemType(context.publicUrl, code),
    title: ERRORS[code].title,
    status: meaning.status,
    code,
    category: ERRORS[code].category,
    detail: fixedDetail ?? error.detail,
    ...(errors === undefined ? {} : { errors: errors.map(withPath) }),
    instance: context.instance,
    traceId: context.traceId,
  };
  const headers: Record<string, string> = { 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store' };
  const retryAfter = retryAfterSeconds ?? meaning.retryAfter;
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)));
  if (meaning.status === 401) headers['www-authenticate'] = 'Bearer realm="daybook"';
  if (code === 'METHOD_NOT_ALLOWED' && Array.isArray(data['allow'])) headers['allow'] = data['allow'].join(', ');
  // Data comes after the members and never replaces one.
  return { status: meaning.status, headers, body: { ...members, ...data, ...members } };
}

/** `/lines/0/amount` → `lines[0].amount`, for people who read no JSON pointers. */
function withPath(field: FieldError): FieldError & { path: string } {
  const path = field.pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((joined, key) => (/^\d+$/.test(key) ? `${joined}[${key}]` : joined === '' ? key : `${joined}.${key}`), '');
  return { ...field, path };
}

export function httpStatusOf(code: ErrorCode): number {
  return HTTP_MEANING[code].status;
}
