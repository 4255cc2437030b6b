import { DaybookError, parseInstant } from '@daybook/kernel';
import { parsePosition, type LogIdentity } from '@daybook/eventsourcing';
import type { AsAt } from '@daybook/projections';
import { z } from 'zod';

const POSITION_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{16}$/;

/** A moment of knowledge as it was sent: a position as some answer gave it, or an instant. */
export type AsAtText = string & { readonly __brand: 'AsAtText' };

export function asAtInput() {
  return z
    .string()
    .refine((text) => POSITION_SHAPE.test(text) || isInstant(text), {
      message: 'must be a position as an answer gave it, or an instant in UTC such as 2026-04-01T08:30:00.000Z',
      params: { code: 'invalid_as_at' },
    })
    .transform((text) => text as AsAtText)
    .meta({ description: 'Answer as it was known then', examples: ['2026-04-01T08:30:00.000Z'] });
}

/** `other log`: a position that means nothing here. */
export function asAtOf(text: AsAtText, log: LogIdentity): AsAt | 'other log' {
  if (!POSITION_SHAPE.test(text)) return { instantMs: parseInstant(text) };
  try {
    return { position: parsePosition(log, text) };
  } catch (error) {
    if (error instanceof DaybookError && error.code === 'POSITION_OTHER_LOG') return 'other log';
    throw error;
  }
}

function isInstant(text: string): boolean {
  try {
    return Number.isSafeInteger(parseInstant(text));
  } catch (error) {
    if (error instanceof DaybookError) return false;
    throw error;
  }
}
