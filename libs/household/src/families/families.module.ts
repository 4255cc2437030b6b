import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { FamiliesHandler } from './families.handler.js';

@Module({ imports: [CqrsModule], providers: [FamiliesHandler] })
export class FamiliesModule {}
