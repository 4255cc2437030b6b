import { DaybookError, type FieldError } from '@daybook/kernel';
import type { ZodError, core } from 'zod';

/** More would tell the reader less. */
const MAX_REPORTED_FIELDS = 50;
const EXPECTED_ARGUMENTS = 'Expected an object with the arguments';

export function validationFailed(errors: readonly FieldError[], detail?: string): DaybookError {
  const reported = errors.slice(0, MAX_REPORTED_FIELDS);
  return new DaybookError('VALIDATION_FAILED', detail ?? summary(errors), { errors: reported });
}

/** A refused zod parse, as the fields that are wrong. Values are never repeated: they may be personal. */
export function validationFailedBy(error: ZodError): DaybookError {
  return validationFailed(error.issues.flatMap(fieldErrors));
}

/** A query string may name a parameter twice; which of the two was meant is not ours to guess. */
export function assertGivenOnce(query: Readonly<Record<string, unknown>>): void {
  const repeated = Object.keys(query).filter((name) => Array.isArray(query[name]));
  if (repeated.length === 0) return;
  throw validationFailed(repeated.map((name) => ({ pointer: jsonPointer([name]), code: 'repeated', message: 'is given twice' })));
}

export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function summary(errors: readonly FieldError[]): string {
  const [first] = errors;
  if (first === undefined) return 'The request is not well formed.';
  if (errors.length > 1) return `${errors.length} fields are wrong; see errors.`;
  return first.pointer === '' ? sentence(first.message) : `${first.pointer.slice(1)}: ${sentence(first.message)}`;
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}

function fieldErrors(issue: core.$ZodIssue): FieldError[] {
  const at = (path: readonly PropertyKey[], code: string, message: string): FieldError => ({
    pointer: jsonPointer(path),
    code,
    message,
  });
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => at([...issue.path, key], 'unknown_field', 'There is no such field'));
    case 'invalid_type':
      if (issue.path.length === 0 && issue.expected === 'object') return [at([], issue.code, EXPECTED_ARGUMENTS)];
      return isMissing(issue)
        ? [at(issue.path, 'required', 'This field is required')]
        : [at(issue.path, issue.code, `Expected ${issue.expected}`)];
    case 'invalid_value':
      return [at(issue.path, issue.code, `Expected ${issue.values.map(String).join(' or ')}`)];
    case 'invalid_union':
      return [at(issue.path, issue.code, 'Fits none of the accepted shapes')];
    case 'too_big':
    case 'too_small':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return [at(issue.path, issue.code, issue.message)];
    case 'custom':
      return [at(issue.path, ruleOf(issue), issue.message)];
    default:
      issue satisfies never;
      throw new Error('unknown kind of validation issue');
  }
}

/** A contract names its own rules, `params: { code }`, so that programs can tell them apart. */
function ruleOf({ params }: core.$ZodIssueCustom): string {
  const code: unknown = params?.['code'];
  return typeof code === 'string' ? code : 'invalid_value';
}

/** zod keeps the refused value out of the issue unless asked; its sentence is what tells "missing" from "other type". */
function isMissing(issue: core.$ZodIssueInvalidType): boolean {
  return issue.message.endsWith('received undefined');
}
