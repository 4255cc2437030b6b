import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PlanHandler } from './plan.handler.js';

@Module({ imports: [CqrsModule], providers: [PlanHandler] })
export class PlanModule {}
