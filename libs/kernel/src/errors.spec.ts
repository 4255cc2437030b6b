import { DaybookError, ERRORS } from './errors.js';

describe('the closed list of errors', () => {
  it('has exactly these codes: each is a promise to clients, never renamed, never reused', () => {
    const lines = Object.entries(ERRORS).map(([code, { category }]) => `${category} ${code}`);
    expect(lines.sort()).toMatchInlineSnapshot(`
[
  "AuthorizationError ACTOR_MISMATCH",
  "AuthorizationError FORBIDDEN",
  "AuthorizationError NOT_FOUND",
  "AuthorizationError UNAUTHENTICATED",
  "AuthorizationError USER_UNKNOWN",
  "BudgetCalculationError BEFORE_BUDGET_START",
  "BudgetCalculationError PLAN_MISSING",
  "ConflictError FAMILY_EXISTS",
  "ConflictError IDEMPOTENCY_IN_PROGRESS",
  "ConflictError IDEMPOTENCY_KEY_REUSED",
  "ConflictError POSITION_OTHER_LOG",
  "ConflictError VERSION_CONFLICT",
  "FamilySyncError ALREADY_MEMBER",
  "FamilySyncError FAMILY_CLOSED",
  "FamilySyncError INVITATION_ATTEMPTS",
  "FamilySyncError INVITATION_EXPIRED",
  "FamilySyncError INVITATION_REVOKED",
  "FamilySyncError INVITATION_USED",
  "FamilySyncError LAST_MANAGER",
  "TransactionCreationError CATEGORY_ARCHIVED",
  "TransactionCreationError CURRENCY_MISMATCH",
  "TransactionCreationError DATE_OUT_OF_RANGE",
  "TransactionCreationError PERIOD_CLOSED",
  "TransactionCreationError SPLIT_SUM_MISMATCH",
  "UnavailableError AUTH_UNAVAILABLE",
  "UnavailableError DATABASE_UNAVAILABLE",
  "UnavailableError INTERNAL",
  "UnavailableError OUTCOME_UNKNOWN",
  "UnavailableError PROJECTION_BEHIND",
  "UnavailableError PROJECTION_PARKED",
  "UnavailableError RATE_LIMITED",
  "UnavailableError SHUTTING_DOWN",
  "UnavailableError STORAGE_FULL",
  "UnavailableError STORE_UNAVAILABLE",
  "ValidationError AMOUNT_PRECISION",
  "ValidationError CURSOR_INVALID",
  "ValidationError HEADERS_TOO_LARGE",
  "ValidationError METHOD_NOT_ALLOWED",
  "ValidationError MISDIRECTED_REQUEST",
  "ValidationError NOT_ACCEPTABLE",
  "ValidationError PAYLOAD_TOO_LARGE",
  "ValidationError REQUEST_TIMEOUT",
  "ValidationError UNKNOWN_COMMAND",
  "ValidationError UNKNOWN_QUERY",
  "ValidationError UNSUPPORTED_MEDIA_TYPE",
  "ValidationError VALIDATION_FAILED",
]
`);
  });

  it('says what each code means in one sentence', () => {
    for (const { title } of Object.values(ERRORS)) expect(title).toMatch(/^[A-Z].{5,70}[^.]$/);
  });

  it('gives every error its category, and keeps what it was told', () => {
    const error = new DaybookError('VERSION_CONFLICT', 'Read it again.', { current: 3 });
    expect(error).toMatchObject({
      name: 'DaybookError',
      category: 'ConflictError',
      message: 'VERSION_CONFLICT: Read it again.',
      data: { current: 3 },
    });
  });
});
