import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PlansHandler } from './plans.handler.js';

@Module({ imports: [CqrsModule], providers: [PlansHandler] })
export class PlansModule {}
