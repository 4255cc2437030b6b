import { z } from 'zod';
import { defineEvents, type EventOf, type StoredForm } from './upcast.js';

const events = defineEvents({
  Opened: { version: 1, schema: z.strictObject({ name: z.string() }) },
  Joined: {
    version: 3,
    schema: z.strictObject({ user: z.string(), role: z.string(), via: z.string() }),
    upcasters: [
      (data) => ({ ...data, role: 'member' }),
      ({ userId, role }) => ({ user: userId ?? '', role: role ?? '', via: 'unknown' }),
    ],
  },
});

describe('a registry of events', () => {
  it('stores the first version under the plain name and every later one under its own', () => {
    expect(events.encode({ type: 'Opened', data: { name: 'Home' } })).toEqual({ type: 'Opened', data: { name: 'Home' } });
    expect(events.encode({ type: 'Joined', data: { user: 'a', role: 'viewer', via: 'link' } }).type).toBe('Joined.v3');
  });

  it.each<[string, StoredForm]>([
    ['1', { type: 'Joined', data: { userId: 'a' } }],
    ['2', { type: 'Joined.v2', data: { userId: 'a', role: 'member' } }],
    ['3', { type: 'Joined.v3', data: { user: 'a', role: 'member', via: 'unknown' } }],
  ])('reads version %s in its current form', (_, stored) => {
    const expected: EventOf<typeof events> = { type: 'Joined', data: { user: 'a', role: 'member', via: 'unknown' } };

    expect(events.decode(stored)).toEqual(expected);
  });

  it('knows every name ever stored', () => {
    expect(events.storedTypes).toEqual(['Opened', 'Joined', 'Joined.v2', 'Joined.v3']);
    expect(events.types).toEqual(['Opened', 'Joined']);
  });

  it.each(['Closed', 'Joined.v4', 'Opened.v1', 'toString'])('does not read what it does not know: %s', (type) => {
    expect(() => events.decode({ type, data: {} })).toThrow('not known');
  });

  it('does not store what its schema does not allow', () => {
    const misspelt = { type: 'Opened', data: { name: 'Home', nmae: 'x' } } as EventOf<typeof events>;

    expect(() => events.encode(misspelt)).toThrow('nmae');
  });

  it('does not store what is not defined', () => {
    const unknown = { type: 'constructor', data: {} } as unknown as EventOf<typeof events>;

    expect(() => events.encode(unknown)).toThrow('not defined');
  });

  it.each([0, 2])('needs an upcaster for each version there has been, not %i', (count) => {
    const upcasters = Array.from({ length: count }, () => (data: StoredForm['data']) => data);

    expect(() => defineEvents({ Opened: { version: 2, schema: z.object({}), upcasters } })).toThrow('needs 1 upcasters');
  });
});
