import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { MembersHandler } from './members.handler.js';

@Module({ imports: [CqrsModule], providers: [MembersHandler] })
export class MembersModule {}
