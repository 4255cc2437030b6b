import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ActivityHandler } from './activity.handler.js';

@Module({ imports: [CqrsModule], providers: [ActivityHandler] })
export class ActivityModule {}
