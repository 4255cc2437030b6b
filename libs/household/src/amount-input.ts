import { DaybookError, parseCurrency, parseMoney } from '@daybook/kernel';
import { z } from 'zod';

/** An amount as it was sent: plain decimal digits, not negative. What it means only its currency can tell. */
export type AmountText = string & { readonly __brand: 'AmountText' };

const PLAIN_DECIMAL = /^-?(0|[1-9]\d{0,30})(\.\d{1,30})?$/;
const ONLY_ZEROS = /^[0.]+$/;

type Fault = readonly [code: string, message: string];

/** Money in: a decimal string, or a JSON number without exponent. */
export function amountInput({ mustBePositive = false } = {}) {
  return z
    .custom<string | number>()
    .meta({ type: ['string', 'number'], examples: ['12.50'] })
    .transform((value, context): AmountText => {
      const fault = faultIn(value, mustBePositive);
      if (fault === null) return String(value) as AmountText;
      const [code, message] = fault;
      context.addIssue({ code: 'custom', message, params: { code } });
      return z.NEVER;
    });
}

/** In minor units of the currency; `pointer` says to the sender which amount is meant. */
export function amountOf(amount: AmountText, currency: string, pointer: string): bigint {
  try {
    return parseMoney(amount, parseCurrency(currency)).amountMinor;
  } catch (error) {
    if (!(error instanceof DaybookError)) throw error;
    const code = error.code === 'AMOUNT_PRECISION' ? 'too_many_decimals' : 'too_big';
    throw new DaybookError(error.code, error.detail, { errors: [{ pointer, code, message: error.detail }] });
  }
}

function faultIn(value: unknown, mustBePositive: boolean): Fault | null {
  if (value === undefined) return ['required', 'This field is required'];
  const isText = typeof value === 'string' || typeof value === 'number';
  if (!isText || !PLAIN_DECIMAL.test(String(value))) {
    return ['invalid_amount', 'must be a plain decimal number such as "12.50"'];
  }
  const text = String(value);
  if (text.startsWith('-')) return ['too_small', mustBePositive ? 'must be more than 0' : 'must be 0 or more'];
  return mustBePositive && ONLY_ZEROS.test(text) ? ['too_small', 'must be more than 0'] : null;
}
