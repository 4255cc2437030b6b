import { currencyDigits, parseCurrency, type CurrencyCode } from './currency.js';
import { DaybookError } from './errors.js';

/** An exact amount: whole minor units and their currency (rule R1). Never a float. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

/** STORAGE CONTRACT. Money in events, documents and rows: JSON has no integers of this size. */
export type StoredMoney = {
  /** Whole minor units, in decimal digits. */
  readonly amountMinor: string;
  readonly currency: string;
};

/** What a person may enter, in minor units. Sums may be larger; they stay far below a database's 64-bit integer. */
export const MAX_AMOUNT_MINOR = 10n ** 15n;

const PLAIN_DECIMAL = /^(-?)(0|[1-9]\d{0,30})(?:\.(\d{1,30}))?$/;

/**
 * An amount as a client sends it: a decimal string, or a JSON number. Neither may have an exponent, a sign other than
 * a leading minus, or more decimals than the currency has.
 */
export function parseMoney(amount: string | number, currency: CurrencyCode): Money {
  const match = PLAIN_DECIMAL.exec(String(amount));
  if (match === null) {
    throw new DaybookError('VALIDATION_FAILED', 'An amount is a plain decimal number such as "12.50".');
  }
  const [, sign = '', whole = '', decimals = ''] = match;
  const digits = currencyDigits(currency);
  if (decimals.length > digits) {
    throw new DaybookError('AMOUNT_PRECISION', `An amount in ${currency} has at most ${digits} decimals.`);
  }
  const magnitude = BigInt(whole + decimals.padEnd(digits, '0'));
  return withinLimit({ amountMinor: sign === '-' ? -magnitude : magnitude, currency });
}

/** A decimal string with exactly the currency's decimals: "-0.05", "100" in JPY. */
export function formatMoney({ amountMinor, currency }: Money): string {
  const digits = currencyDigits(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const magnitude = String(amountMinor < 0n ? -amountMinor : amountMinor).padStart(digits + 1, '0');
  const split = magnitude.length - digits;
  return digits === 0 ? sign + magnitude : `${sign}${magnitude.slice(0, split)}.${magnitude.slice(split)}`;
}

/** Refuses an amount beyond the limit of what may be entered. */
export function withinLimit(money: Money): Money {
  const { amountMinor } = money;
  if (amountMinor <= MAX_AMOUNT_MINOR && amountMinor >= -MAX_AMOUNT_MINOR) return money;
  throw new DaybookError('VALIDATION_FAILED', 'An amount is at most 10^15 minor units of its currency.');
}

export function addMoney(left: Money, right: Money): Money {
  return { amountMinor: left.amountMinor + amountIn(left.currency, right), currency: left.currency };
}

export function subtractMoney(left: Money, right: Money): Money {
  return { amountMinor: left.amountMinor - amountIn(left.currency, right), currency: left.currency };
}

export function negateMoney({ amountMinor, currency }: Money): Money {
  return { amountMinor: -amountMinor, currency };
}

/** Negative, zero or positive, as Array.sort wants it. */
export function compareMoney(left: Money, right: Money): number {
  const rightAmount = amountIn(left.currency, right);
  return left.amountMinor < rightAmount ? -1 : Number(left.amountMinor > rightAmount);
}

export function storeMoney({ amountMinor, currency }: Money): StoredMoney {
  return { amountMinor: String(amountMinor), currency };
}

export function restoreMoney({ amountMinor, currency }: StoredMoney): Money {
  return { amountMinor: BigInt(amountMinor), currency: parseCurrency(currency) };
}

function amountIn(currency: CurrencyCode, money: Money): bigint {
  if (money.currency === currency) return money.amountMinor;
  throw new DaybookError('CURRENCY_MISMATCH', `An amount in ${money.currency} does not count in ${currency}.`);
}
