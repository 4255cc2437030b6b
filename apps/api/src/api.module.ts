import { HouseholdModule, type HouseholdParts } from '@daybook/household';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { CommandsController } from './commands.controller.js';
import { DevController } from './dev.controller.js';
import { PagesController } from './pages.controller.js';
import { QueriesController } from './queries.controller.js';

/** Commands and queries over HTTP, and the pages that explain them. */
@Module({})
export class ApiModule {
  static with(parts: ApiParts, household: HouseholdParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [CqrsModule.forRoot(), HouseholdModule.with(household)],
      controllers: [CommandsController, QueriesController, PagesController, DevController],
      providers: [{ provide: API_PARTS, useValue: parts }],
    };
  }
}
