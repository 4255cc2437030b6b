import { CURRENCY_CODES, currencyDigits, parseCurrency } from './currency.js';

const codesWith = (digits: number) => CURRENCY_CODES.filter((code) => currencyDigits(code) === digits).join(' ');

describe('currencies', () => {
  it('without decimals are those of rule R1', () => {
    expect(codesWith(0)).toBe('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF');
  });

  it('with three and four decimals are those of rule R1', () => {
    expect(codesWith(3)).toBe('BHD IQD JOD KWD LYD OMR TND');
    expect(codesWith(4)).toBe('CLF UYW');
  });

  it.each(['HUF', 'IDR', 'COP', 'AFN', 'MGA', 'EUR', 'USD', 'GBP'])(
    '%s has two decimals, whatever the runtime thinks',
    (code) => {
      expect(currencyDigits(parseCurrency(code))).toBe(2);
    },
  );

  it('are each listed once, as three capitals', () => {
    expect(new Set(CURRENCY_CODES).size).toBe(CURRENCY_CODES.length);
    expect(CURRENCY_CODES.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
  });

  it.each(['eur', 'EURO', 'XAU', 'XXX', 'XTS', '', 'constructor', 'toString'])('%j is none', (code) => {
    expect(() => parseCurrency(code)).toThrow('VALIDATION_FAILED');
  });
});
