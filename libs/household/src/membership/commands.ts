import { isCurrency, type CivilDate, type Sealed } from '@daybook/kernel';
import { defineCommand } from '@daybook/platform';
import { z } from 'zod';
import { amountInput, type AmountText } from '../amount-input.js';
import { CARRY_MODES, END_POLICIES, type CarryMode, type EndPolicy } from '../budget/policies.js';
import { dateInput } from '../date-input.js';
import { familyIdSchema } from '../family/family-id.js';
import { personalText } from '../personal-text.js';
import { timeZoneInput } from '../time-zone-input.js';

const AMOUNTS = ['monthlyIncome', 'fixedExpenses', 'savingsGoal'] as const;

const currencyInput = z
  .string()
  .meta({ pattern: '^[A-Z]{3}$' })
  .default('USD')
  .refine(isCurrency, {
    message: 'must be an ISO 4217 code in capitals, such as EUR',
    params: { code: 'invalid_currency' },
  })
  .meta({ description: 'Home currency, ISO 4217 in capitals', examples: ['EUR'] });

const args = z.strictObject({
  familyId: familyIdSchema.optional().describe('Made by the client, or by the server when left out'),
  name: personalText(80).describe('How the family calls itself'),
  monthlyIncome: amountInput().optional().describe('Planned for each period; the three amounts go together'),
  fixedExpenses: amountInput().optional().describe('Planned for each period: rent and the like, all together'),
  savingsGoal: amountInput().optional().describe('To be put aside in each period'),
  budgetStartDate: dateInput().optional().describe('First day of the first period; today when left out'),
  currency: currencyInput,
  timeZone: timeZoneInput
    .default('UTC')
    .meta({ description: 'Decides when a day ends: an IANA name, Region/City or UTC', examples: ['Europe/London'] }),
  startDay: z.int().min(1).max(31).optional().describe('Day of the month a period starts on; that of budgetStartDate when left out'),
  carryMode: z.enum(CARRY_MODES).default('redistribute').describe('How unspent money moves from day to day'),
  endPolicy: z.enum(END_POLICIES).default('carryBoth').describe('What becomes of the surplus or deficit of a closed period'),
});

export const createFamily = defineCommand({
  name: 'createFamily',
  summary: 'Creates a family, with its plan when amounts are given; the caller becomes its first manager.',
  args: args.superRefine((given, context) => {
    const missing = AMOUNTS.filter((name) => given[name] === undefined);
    if (missing.length === AMOUNTS.length) return;
    const message = `The plan needs ${AMOUNTS.join(', ')}: give all of them, or none`;
    for (const name of missing) context.addIssue({ code: 'custom', path: [name], message, params: { code: 'required' } });
  }),
  answer: z.object({ familyId: z.uuid() }),
  refusals: ['FAMILY_EXISTS', 'USER_UNKNOWN', 'AMOUNT_PRECISION', 'DATE_OUT_OF_RANGE'],
  example: {
    name: 'Home',
    monthlyIncome: '5000.00',
    fixedExpenses: '2000.00',
    savingsGoal: '500.00',
    budgetStartDate: '2026-04-01',
    currency: 'EUR',
    timeZone: 'Europe/London',
  },
});

/** What the decider sees: ids are known and personal text is sealed before a decision is made. */
export interface CreateFamily {
  readonly type: 'createFamily';
  readonly familyId: string;
  readonly name: Sealed;
  readonly currency: string;
  readonly timeZone: string;
  readonly founder: string;
  /** Null, here and below: left out. */
  readonly budgetStartDate: CivilDate | null;
  readonly startDay: number | null;
  readonly carryMode: CarryMode;
  readonly endPolicy: EndPolicy;
  readonly plan: PlanAmounts | null;
}

export interface PlanAmounts {
  readonly monthlyIncome: AmountText;
  readonly fixedExpenses: AmountText;
  readonly savingsGoal: AmountText;
}

export type MembershipCommand = CreateFamily;
