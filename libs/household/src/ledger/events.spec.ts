import { join } from 'node:path';
import { describeGoldenEvents } from '@daybook/eventsourcing';
import { ledgerEvents } from './events.js';

describeGoldenEvents(join(__dirname, 'golden'), ledgerEvents);
