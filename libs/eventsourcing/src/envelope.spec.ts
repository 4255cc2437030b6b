import { commandMarkOf, completeEnvelope, envelopeOf, type Envelope, type EnvelopeContext } from './envelope.js';

const COMMAND_ID = '0198c0de-0000-4000-8000-000000000001';

const context: EnvelopeContext = {
  commandId: COMMAND_ID,
  commandHash: 'digest',
  actor: { userId: 'user-1', kind: 'user', role: 'manager' },
  client: null,
  ip: null,
  on: '2026-04-01',
  recordedAt: '2026-04-01T10:00:00.000Z',
};

describe('an envelope', () => {
  it('names the command as its own cause where nothing else led to it', () => {
    expect(envelopeOf(context)).toMatchObject({ $correlationId: COMMAND_ID, $causationId: COMMAND_ID });
    expect(envelopeOf({ ...context, correlationId: 'request', causationId: 'event' })).toMatchObject({
      $correlationId: 'request',
      $causationId: 'event',
    });
  });

  it('has no field for what is not known', () => {
    expect(Object.keys(envelopeOf(context))).not.toEqual(expect.arrayContaining(['reason']));
    expect(envelopeOf({ ...context, reason: 'a mistake', familyRevision: 7n })).toMatchObject({
      reason: 'a mistake',
      familyRevision: '7',
    });
  });

  it('is stored as it is when it is complete', () => {
    const ip = { sealed: 1, subject: 'user-1', data: 'c2VhbGVk' };

    expect(completeEnvelope(envelopeOf({ ...context, ip }))).toEqual({ ...envelopeOf(context), ip });
  });

  it.each<[string, Partial<Record<keyof Envelope, unknown>>]>([
    ['commandId', { commandId: 'one' }],
    ['commandHash', { commandHash: '' }],
    ['actor.userId', { actor: { userId: '', kind: 'user', role: null } }],
    ['actor.kind', { actor: { userId: 'a', kind: 'robot', role: null } }],
    ['ip', { ip: '127.0.0.1' }],
    ['on', { on: '2026-04-31' }],
    ['recordedAt', { recordedAt: '2026-04-01T10:00:00Z' }],
    ['client', { client: undefined }],
  ])('is not stored with a wrong or missing %s', (field, change) => {
    const envelope = { ...envelopeOf(context), ...change } as Envelope;

    expect(() => completeEnvelope(envelope)).toThrow(field);
  });

  it('marks the command it belongs to, where there is one', () => {
    const stored = completeEnvelope(envelopeOf(context));

    expect(commandMarkOf(stored)).toEqual({ commandId: COMMAND_ID, commandHash: 'digest', userId: 'user-1' });
    expect(commandMarkOf({ schema: 1, recordedAt: '2026-04-01T10:00:00.000Z' })).toBeNull();
  });
});
