import { isCivilDate, type CivilDate } from '@daybook/kernel';
import { z } from 'zod';

/*
 * STORAGE CONTRACT. How values of the budget stand in events, documents and rows: whole minor units as decimal digits,
 * because JSON has no integers of that size, and civil dates as text.
 */
export const storedMinor = z.string().regex(/^(0|-?[1-9]\d{0,17})$/);
export const storedAmount = z.string().regex(/^(0|[1-9]\d{0,17})$/);
export const storedDate = z.custom<CivilDate>((value) => typeof value === 'string' && isCivilDate(value));
export const storedCurrency = z.string().length(3);
