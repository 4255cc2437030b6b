import { formatPosition } from '@daybook/eventsourcing';
import { defineQuery, pageArgs, queryRoute, type QueryAnswer, type QueryContext } from '@daybook/platform';
import { z } from 'zod';
import { QueryPipeline } from './query-pipeline.js';

const log = { logId: 'log', restores: 0 };
const contract = defineQuery({
  name: 'getThings',
  summary: 'Lists things.',
  args: z.strictObject({ kind: z.string().optional(), ...pageArgs }),
  answer: z.object({}),
  refusals: [],
  example: {},
});

interface Sent {
  readonly args: unknown;
  readonly context: QueryContext;
}

function rig(answer: Partial<QueryAnswer> = {}, catchingUp?: QueryAnswer['stale']) {
  const sent: Sent[] = [];
  const pipeline = new QueryPipeline({
    routes: new Map([['getThings', queryRoute(contract, (args, context) => ({ args, context }))]]),
    execute: (message) => {
      sent.push(message as Sent);
      return Promise.resolve({ data: { things: [] }, position: 7n, ...answer });
    },
    log,
    currentPosition: () => Promise.resolve(7n),
    catchingUp: () => catchingUp,
  });
  return { sent, pipeline };
}

const request = { name: 'getThings', args: { limit: '5' }, userId: 'ada', minPosition: 3n };

describe('a query', () => {
  it('is parsed, asked in the name of the caller, and shown with its position', async () => {
    const { pipeline, sent } = rig({ nextCursor: null });
    expect(await pipeline.run(request)).toEqual({ data: { things: [] }, position: formatPosition(log, 7n), nextCursor: null });
    expect(sent).toEqual([{ args: { limit: 5, order: 'desc' }, context: { userId: 'ada', minPosition: 3n, timeoutMs: 500 } }]);
  });

  it('says since when its answer is old: its own reason first, else that all read models catch up', async () => {
    const parked = { since: '2026-04-01T00:00:00.000Z', reason: 'parked' };
    const catchingUp = { since: '2026-04-02T00:00:00.000Z', reason: 'catching-up' };
    expect(await rig({ stale: parked }, catchingUp).pipeline.run(request)).toMatchObject({ stale: parked });
    expect(await rig({}, catchingUp).pipeline.run(request)).toMatchObject({ stale: catchingUp });
    expect(await rig().pipeline.run(request)).not.toHaveProperty('stale');
  });

  it('that nobody knows, or whose arguments do not fit, is not asked', async () => {
    const { pipeline, sent } = rig();
    await expect(pipeline.run({ ...request, name: 'toString' })).rejects.toMatchObject({ code: 'UNKNOWN_QUERY' });
    await expect(pipeline.run({ ...request, args: { limit: '0' } })).rejects.toMatchObject({ data: { errors: [{ pointer: '/limit' }] } });
    expect(sent).toEqual([]);
  });
});

describe('a position to wait for', () => {
  const { pipeline } = rig();

  it('is taken exactly as an answer gave it', async () => {
    expect(await pipeline.minPositionOf(formatPosition(log, 9n))).toBe(9n);
    expect(await pipeline.minPositionOf(undefined)).toBeUndefined();
  });

  it.each(['', ' ', '9', formatPosition(log, 9n).toUpperCase().replace(/^\w/, 'G'), `${formatPosition(log, 9n)} `])('that is %p is refused by its name', async (text) => {
    await expect(pipeline.minPositionOf(text)).rejects.toMatchObject({ code: 'VALIDATION_FAILED', data: { errors: [{ pointer: '/minPosition' }] } });
  });

  it('of another log is refused with where this one is', async () => {
    const other = formatPosition({ logId: 'log', restores: 1 }, 9n);
    await expect(pipeline.minPositionOf(other)).rejects.toMatchObject({ code: 'POSITION_OTHER_LOG', data: { current: formatPosition(log, 7n) } });
  });
});
