import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { LedgerHandler } from './ledger.handler.js';

@Module({ imports: [CqrsModule], providers: [LedgerHandler] })
export class LedgerModule {}
