/**
 * The one closed list of things that can be refused. A code is a promise to clients: it is never renamed and never
 * reused. Transport status lives where the transport is; here is only what it means.
 */
export type ErrorCategory =
  | 'TransactionCreationError'
  | 'FamilySyncError'
  | 'BudgetCalculationError'
  | 'AuthorizationError'
  | 'ValidationError'
  | 'ConflictError'
  | 'UnavailableError';

interface ErrorMeaning {
  readonly category: ErrorCategory;
  readonly title: string;
}

export const ERRORS = {
  VALIDATION_FAILED: { category: 'ValidationError', title: 'The request is not well formed' },
  AMOUNT_PRECISION: { category: 'ValidationError', title: 'The amount has more decimals than its currency' },
  UNKNOWN_COMMAND: { category: 'ValidationError', title: 'There is no command of this name' },
  UNKNOWN_QUERY: { category: 'ValidationError', title: 'There is no query of this name' },
  METHOD_NOT_ALLOWED: { category: 'ValidationError', title: 'This address does not take this method' },
  NOT_ACCEPTABLE: { category: 'ValidationError', title: 'No representation in an accepted media type' },
  PAYLOAD_TOO_LARGE: { category: 'ValidationError', title: 'The request is too large' },
  HEADERS_TOO_LARGE: { category: 'ValidationError', title: 'The request headers are too large' },
  REQUEST_TIMEOUT: { category: 'ValidationError', title: 'The request did not arrive in time' },
  UNSUPPORTED_MEDIA_TYPE: { category: 'ValidationError', title: 'The body is not JSON' },
  MISDIRECTED_REQUEST: { category: 'ValidationError', title: 'This host name is not served here' },
  CURSOR_INVALID: { category: 'ValidationError', title: 'The cursor does not belong to this question' },
  UNAUTHENTICATED: { category: 'AuthorizationError', title: 'No valid token' },
  FORBIDDEN: { category: 'AuthorizationError', title: 'Your role does not allow this' },
  ACTOR_MISMATCH: { category: 'AuthorizationError', title: 'The request names another user as the caller' },
  NOT_FOUND: { category: 'AuthorizationError', title: 'There is nothing here, or it is not yours' },
  USER_UNKNOWN: { category: 'AuthorizationError', title: 'There is no profile for this user' },
  CURRENCY_MISMATCH: { category: 'TransactionCreationError', title: 'The currency is not the family\'s' },
  SPLIT_SUM_MISMATCH: { category: 'TransactionCreationError', title: 'The lines do not add up to the amount' },
  PERIOD_CLOSED: { category: 'TransactionCreationError', title: 'The period is closed' },
  CATEGORY_ARCHIVED: { category: 'TransactionCreationError', title: 'The category is archived' },
  DATE_OUT_OF_RANGE: { category: 'TransactionCreationError', title: 'The date is out of range' },
  BEFORE_BUDGET_START: { category: 'BudgetCalculationError', title: 'The date is before the budget starts' },
  PLAN_MISSING: { category: 'BudgetCalculationError', title: 'There is no plan for this period' },
  ALREADY_MEMBER: { category: 'FamilySyncError', title: 'The user is already a member' },
  LAST_MANAGER: { category: 'FamilySyncError', title: 'The last manager stays' },
  INVITATION_EXPIRED: { category: 'FamilySyncError', title: 'The invitation has expired' },
  INVITATION_USED: { category: 'FamilySyncError', title: 'The invitation has been used' },
  INVITATION_REVOKED: { category: 'FamilySyncError', title: 'The invitation has been revoked' },
  INVITATION_ATTEMPTS: { category: 'FamilySyncError', title: 'Too many wrong invitation codes' },
  FAMILY_CLOSED: { category: 'FamilySyncError', title: 'The family is closed' },
  FAMILY_EXISTS: { category: 'ConflictError', title: 'A family with this id exists already' },
  VERSION_CONFLICT: { category: 'ConflictError', title: 'It has been changed in the meantime' },
  IDEMPOTENCY_KEY_REUSED: { category: 'ConflictError', title: 'The key was used for something else' },
  IDEMPOTENCY_IN_PROGRESS: { category: 'ConflictError', title: 'The first request with this key is still running' },
  POSITION_OTHER_LOG: { category: 'ConflictError', title: 'The position belongs to another log' },
  RATE_LIMITED: { category: 'UnavailableError', title: 'Too many requests' },
  PROJECTION_BEHIND: { category: 'UnavailableError', title: 'The read model is not there yet' },
  PROJECTION_PARKED: { category: 'UnavailableError', title: 'The read model of this family is parked' },
  OUTCOME_UNKNOWN: { category: 'UnavailableError', title: 'The command may have been carried out or not' },
  STORE_UNAVAILABLE: { category: 'UnavailableError', title: 'The event store cannot be reached' },
  DATABASE_UNAVAILABLE: { category: 'UnavailableError', title: 'The read database cannot be reached' },
  AUTH_UNAVAILABLE: { category: 'UnavailableError', title: 'The keys of the identity provider cannot be fetched' },
  STORAGE_FULL: { category: 'UnavailableError', title: 'The event store has no space left' },
  SHUTTING_DOWN: { category: 'UnavailableError', title: 'The server is stopping' },
  INTERNAL: { category: 'UnavailableError', title: 'Something went wrong here' },
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof ERRORS;

/** One field that is wrong, by JSON pointer into the request. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

export interface ErrorData {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly [key: string]: unknown;
}

/** The only error a decision throws. `detail` says what to do, in one sentence, without personal data. */
export class DaybookError extends Error {
  override readonly name = 'DaybookError';
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly data: ErrorData = {},
  ) {
    super(`${code}: ${detail}`);
  }

  get category(): ErrorCategory {
    return ERRORS[this.code].category;
  }
}
