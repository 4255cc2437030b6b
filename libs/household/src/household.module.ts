import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ActivityModule } from './activity/index.js';
import { BudgetAnswersModule } from './budget-answers/index.js';
import { FamiliesModule } from './families/index.js';
import { HOUSEHOLD_PARTS, type HouseholdParts } from './household-parts.js';
import { LedgerModule } from './ledger/index.js';
import { MembersModule } from './members/index.js';
import { MembershipModule } from './membership/index.js';
import { PlanModule } from './plan/index.js';
import { PlansModule } from './plans/index.js';
import { TransactionsModule } from './transactions/index.js';

/** The household's features behind the two buses. */
@Global()
@Module({})
export class HouseholdModule {
  static with(parts: HouseholdParts): DynamicModule {
    return {
      module: HouseholdModule,
      imports: [
        MembershipModule,
        PlanModule,
        LedgerModule,
        FamiliesModule,
        MembersModule,
        PlansModule,
        TransactionsModule,
        BudgetAnswersModule,
        ActivityModule,
      ],
      providers: [{ provide: HOUSEHOLD_PARTS, useValue: parts }],
      exports: [HOUSEHOLD_PARTS],
    };
  }
}
