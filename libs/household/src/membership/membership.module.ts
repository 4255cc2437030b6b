import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { MembershipHandler } from './membership.handler.js';

@Module({ imports: [CqrsModule], providers: [MembershipHandler] })
export class MembershipModule {}
