import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { describeGoldenEvents } from './golden-events.js';
import { defineEvents } from './upcast.js';

const directory = mkdtempSync(join(tmpdir(), 'golden-'));
writeFileSync(join(directory, 'Joined.json'), JSON.stringify({ type: 'Joined', data: { userId: 'a' } }));
writeFileSync(join(directory, 'Joined.v2.json'), JSON.stringify({ type: 'Joined.v2', data: { user: 'a' } }));
afterAll(() => rmSync(directory, { recursive: true }));

describeGoldenEvents(
  directory,
  defineEvents({
    Joined: {
      version: 2,
      schema: z.strictObject({ user: z.string() }),
      upcasters: [({ userId }) => ({ user: userId ?? null })],
    },
  }),
);
