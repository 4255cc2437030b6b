import { DaybookError } from './errors.js';

/**
 * The active codes of ISO 4217 by the number of decimals of their minor unit. A table of our own, because runtimes
 * follow what shops do (no decimals for HUF or IDR) and change their mind between versions. Without the codes that
 * have no minor unit (metals, bond units, XDR, XTS, XXX). Codes are added, and stay when they leave the standard:
 * events name them for ever.
 */
const CODES_BY_DECIMALS = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
    'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS ' +
    'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR ' +
    'MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP ' +
    'STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG ' +
    // Left the standard in 2025 and 2026; amounts of those years are still entered.
    'ANG BGN',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
} as const;

export type CurrencyCode = string & { readonly __brand: 'CurrencyCode' };

const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_DECIMALS).flatMap(([decimals, codes]) =>
    codes.split(' ').map((code) => [code, Number(decimals)] as const),
  ),
);

/** All codes, in alphabetical order. */
export const CURRENCY_CODES: readonly CurrencyCode[] = [...DECIMALS.keys()].sort().map(parseCurrency);

export function isCurrency(code: string): code is CurrencyCode {
  return DECIMALS.has(code);
}

export function parseCurrency(code: string): CurrencyCode {
  if (isCurrency(code)) return code;
  throw new DaybookError('VALIDATION_FAILED', 'A currency is an active ISO 4217 code in capitals, such as EUR.');
}

/** Decimals of the minor unit: 2 for EUR, 0 for JPY. */
export function currencyDigits(code: CurrencyCode): number {
  return DECIMALS.get(parseCurrency(code)) as number;
}
