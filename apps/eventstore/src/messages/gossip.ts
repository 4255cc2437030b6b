import { ProtoWriter } from '../wire/protobuf.js';
import { frame } from '../wire/frame.js';
import { writeUuid } from './shared.js';

const LEADER = 8;
const TICKS_PER_MILLISECOND = 10_000;
export interface Member {
  readonly instanceId: string;
  readonly host: string;
  readonly port: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** ClusterInfo of one live leader: a client that discovers finds this node and no other. */
export function clusterOfOne(member: Member): Buffer {
  const endPoint = new ProtoWriter().string(1, member.host).uint(2, member.port);
  const info = new ProtoWriter()
    .message(1, writeUuid(member.instanceId))
    .uint(2, member.now * TICKS_PER_MILLISECOND)
    .uint(3, LEADER)
    .uint(4, 1)
    .message(5, endPoint);
  return frame(new ProtoWriter().message(1, info).finish());
}
