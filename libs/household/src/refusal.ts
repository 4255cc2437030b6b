import { DaybookError, type ErrorCode, type ErrorData } from '@daybook/kernel';

/** A refusal that is about one field of the request: `rule` for programs, `message` for people ("must be …"). */
export function refusalOf(
  code: ErrorCode,
  { pointer, rule, message }: { readonly pointer: string; readonly rule: string; readonly message: string },
  data: ErrorData = {},
): DaybookError {
  const field = pointer.slice(1).replaceAll('/', '.');
  return new DaybookError(code, `${field} ${message}.`, { ...data, errors: [{ pointer, code: rule, message }] });
}
