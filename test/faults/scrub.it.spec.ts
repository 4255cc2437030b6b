import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent, START, type Position } from '@eventstore/db-client';
import { checkLog, startEventStoreNode, type Damage, type EventStoreNode } from '../../apps/eventstore/src/index.js';
import { flipBit } from '../support/event-log.js';

const EVENTS = 40;
const HALF_A_SEGMENT = 'x'.repeat(60_000);
let directory: string;
let node: EventStoreNode | undefined;

beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-scrub-'));
});

afterEach(async () => {
  await node?.stop();
  await fs.rm(directory, { recursive: true, force: true });
});

describe('a node whose disk has lost a bit', () => {
  it('finds it by itself, names it, refuses that event and serves all others', async () => {
    const written = await writeEvents();
    const broken = written[5] as Position;
    const segment = path.join(directory, '0'.repeat(20).concat('.log'));
    await flipBit(segment, Number(broken.commit) + 1_000);

    const lines: string[] = [];
    let tell = (_: Damage): void => undefined;
    const told = new Promise<Damage>((resolve) => (tell = resolve));
    node = await startEventStoreNode({
      dir: directory,
      args: ['--scrub-mib', '1000'],
      onMessage: (message) => ('damage' in message ? tell(message.damage) : undefined),
      onLine: (line) => lines.push(line),
    });
    const found = await told;
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
    await expect(numbersFrom(client, START)).rejects.toThrow(`${segment} is damaged in bytes ${broken.commit} to`);
    const behind = Array.from({ length: EVENTS - 6 }, (_, at) => at + 6);
    expect(await numbersFrom(client, written[6] as Position)).toEqual(behind);
    await client.dispose();
    await node.stop();

    expect(found).toMatchObject({ file: segment, from: Number(broken.commit) });
    expect((await checkLog(directory)).damage).toEqual([found]);
    expect(lines.join()).toContain('Events there are refused, all others are served.');
  });
});

async function writeEvents(): Promise<Position[]> {
  const writing = await startEventStoreNode({ dir: directory, args: ['--segment-mib', '1'] });
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${writing.port}?tls=false`);
  const positions: Position[] = [];
  for (let number = 0; number < EVENTS; number += 1) {
    const { position } = await client.appendToStream('s-1', jsonEvent({ type: 'T', data: { number, padding: HALF_A_SEGMENT } }));
    positions.push(position as Position);
  }
  await client.dispose();
  await writing.stop();
  return positions;
}

async function numbersFrom(client: EventStoreDBClient, fromPosition: Position | typeof START): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { event } of client.readAll({ fromPosition })) {
    if (event?.streamId === 's-1') numbers.push((event.data as { number: number }).number);
  }
  return numbers;
}
