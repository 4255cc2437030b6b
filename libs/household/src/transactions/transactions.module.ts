import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { TransactionsHandler } from './transactions.handler.js';

@Module({ imports: [CqrsModule], providers: [TransactionsHandler] })
export class TransactionsModule {}
