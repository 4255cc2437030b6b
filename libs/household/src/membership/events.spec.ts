import { join } from 'node:path';
import { describeGoldenEvents } from '@daybook/eventsourcing';
import { membershipEvents } from './events.js';

describeGoldenEvents(join(__dirname, 'golden'), membershipEvents);
