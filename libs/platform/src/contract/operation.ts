import type { ErrorCode } from '@daybook/kernel';
import type { z } from 'zod';

/** An address that is neither a command nor a query and needs no token, described for the OpenAPI document. */
export interface OpenOperation {
  readonly name: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
  /** What it answers of its own, by status; problems are in `refusals`. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema: z.ZodType }>>;
  readonly refusals: readonly ErrorCode[];
}
