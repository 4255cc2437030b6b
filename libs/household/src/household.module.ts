import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ActivityModule } from './activity/index.js';
import { BudgetAnswersModule } from './budget-answers/index.js';
import { FamiliesModule } from './families/index.js';
import { HOUSEHOLD_PARTS, type HouseholdParts } from './household-parts.js';
import { LedgerModule, TRANSACTION_FINDER } from './ledger/index.js';
import { MembersModule } from './members/index.js';
import { MembershipModule } from './membership/index.js';
import { PlanModule } from './plan/index.js';
import { PlansModule } from './plans/index.js';
import { TransactionsModule, TransactionsQueries } from './transactions/index.js';

/** The household's features behind the two buses. */
@Global()
@Module({})
export class HouseholdModule {
  static with(parts: HouseholdParts): DynamicModule {
    const { readModels, sealer, clock } = parts;
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
      providers: [
        { provide: HOUSEHOLD_PARTS, useValue: parts },
        // Features that write know no read model: what they have to ask one is put into their hands here.
        { provide: TRANSACTION_FINDER, useFactory: () => new TransactionsQueries(readModels(), sealer, clock) },
      ],
      exports: [HOUSEHOLD_PARTS, TRANSACTION_FINDER],
    };
  }
}
