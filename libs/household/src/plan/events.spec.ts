import { join } from 'node:path';
import { describeGoldenEvents } from '@daybook/eventsourcing';
import { planEvents } from './events.js';

describeGoldenEvents(join(__dirname, 'golden'), planEvents);
