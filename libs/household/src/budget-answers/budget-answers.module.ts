import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { BudgetAnswersHandler } from './budget-answers.handler.js';

@Module({ imports: [CqrsModule], providers: [BudgetAnswersHandler] })
export class BudgetAnswersModule {}
