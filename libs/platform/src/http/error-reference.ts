import { ERRORS, type ErrorCategory, type ErrorCode } from '@daybook/kernel';
import { HTTP_MEANING } from './problem.js';

/** One row of the documented list; the page at `/docs/errors` shows the same rows, each under its code as anchor. */
export interface ErrorReferenceEntry {
  readonly code: ErrorCode;
  readonly status: number;
  readonly category: ErrorCategory;
  readonly title: string;
  readonly advice: string;
  /** Worth sending again as it is, with the same key. */
  readonly isRetryable: boolean;
}

/** In the order in which a request meets them. */
export const ERROR_CATEGORIES: Readonly<Record<ErrorCategory, string>> = {
  ValidationError: 'The request cannot be understood as it was sent. Sending it again changes nothing.',
  AuthorizationError: 'The caller is not known, or may not do or see this.',
  TransactionCreationError: 'A rule about transactions says no.',
  BudgetCalculationError: 'There is no budget to calculate with.',
  FamilySyncError: 'A rule about families, members and invitations says no.',
  ConflictError: 'Somebody or something else was there first.',
  UnavailableError: 'Nothing is wrong with the request; something it needs is not there right now.',
};

export function errorReference(): readonly ErrorReferenceEntry[] {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  return codes.map((code) => ({
    code,
    status: HTTP_MEANING[code].status,
    category: ERRORS[code].category,
    title: ERRORS[code].title,
    advice: HTTP_MEANING[code].advice,
    isRetryable: 'retryAfter' in HTTP_MEANING[code],
  }));
}

const INTRODUCTION = `# Errors

<!-- Made by \`node bin/error-docs.cjs\` from libs/kernel/src/errors.ts and libs/platform/src/http/problem.ts. Do not edit. -->

Every refusal is \`application/problem+json\` (RFC 9457), over HTTP on any address and method, also where no route was
reached. \`code\` is what programs look at: the list is closed, a code is never renamed or reused, its status never
changes. \`title\` belongs to the code, \`detail\` to this one case, and both are for people.

\`\`\`json
{
  "type": "https://budget.example/docs/errors#VALIDATION_FAILED",
  "title": "The request is not well formed",
  "status": 400,
  "code": "VALIDATION_FAILED",
  "category": "ValidationError",
  "detail": "name: This field is required.",
  "errors": [{ "pointer": "/name", "code": "required", "message": "This field is required", "path": "name" }],
  "instance": "/v1/commands/createFamily",
  "traceId": "4bf92f3577b34da6a3ce929d0e0e4736"
}
\`\`\`

- \`errors\` names each wrong field by JSON pointer and, for people, by \`path\`. Values are never repeated.
- \`traceId\` is also the header \`Daybook-Trace-Id\` of every answer, and on every line the server logged about it. A valid
  \`traceparent\` of yours is continued.
- Members after those above carry what the code needs, such as \`commandId\` with \`IDEMPOTENCY_KEY_REUSED\`.
- Codes marked ↻ carry \`Retry-After\` and are worth sending again as they are, with the same \`Idempotency-Key\`.
- In a batch each item has its own problem, with \`retryAfterSeconds\` in place of the header.
- The list is the whole vocabulary: codes about invitations belong to features that come later. What a command or query
  of this version can answer stands beside it at \`/docs\` of a running instance.
- \`NOT_FOUND\` never tells "not there" from "not yours", and \`UNAUTHENTICATED\` never tells what was wrong with a token.
`;

/** docs/errors.md, from the list itself. */
export function renderErrorDocs(): string {
  const groups = Object.entries(ERROR_CATEGORIES).map(([category, meaning]) => {
    const rows = errorReference().filter((entry) => entry.category === category);
    const table = ['| code | status | title | what to do |', '|---|---|---|---|', ...rows.map(row)].join('\n');
    return `## ${category}\n\n${meaning}\n\n${table}\n`;
  });
  return [INTRODUCTION, ...groups].join('\n');
}

function row({ code, status, title, advice, isRetryable }: ErrorReferenceEntry): string {
  return `| <a id="${code}"></a>\`${code}\` | ${status}${isRetryable ? ' ↻' : ''} | ${title} | ${advice} |`;
}
