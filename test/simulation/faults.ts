import type { SeededRandom } from './seeded-random.js';

/** What may go wrong in one history. Each seed switches a random part of it on, so that rare mixtures are met too. */
export interface Faults {
  /** Committed, but the answer is lost. */
  readonly lostReply: number;
  /** Never arrives; the sender cannot know. */
  readonly lostRequest: number;
  /** Arrives long after its sender has given up on it. */
  readonly lateRequest: number;
  /** Answered only after a long while, within the deadline or beyond it. */
  readonly slowAck: number;
  /** Refused before anything was sent. */
  readonly unavailable: number;
  readonly storageFull: number;
  /** A read that has seen the stream and delivers it much later. */
  readonly slowRead: number;
  /** The server stops for a while and then goes on with everything that waits for it. */
  readonly freezes: number;
  /** A process dies, wherever it is, and a new one takes its place. */
  readonly crashes: number;
  /** A client sends several commands to one stream at once. */
  readonly bursts: number;
  /** A client sends the same command twice at once. */
  readonly twins: number;
  /** A client uses the id of an earlier command for another one. */
  readonly reusedIds: number;
  readonly mistakes: number;
}

export const NO_FAULTS: Faults = {
  lostReply: 0,
  lostRequest: 0,
  lateRequest: 0,
  slowAck: 0,
  unavailable: 0,
  storageFull: 0,
  slowRead: 0,
  freezes: 0,
  crashes: 0,
  bursts: 0,
  twins: 0,
  reusedIds: 0,
  mistakes: 0,
};

export function swarm(random: SeededRandom): Faults {
  const sometimes = (value: number): number => (random.happens(0.5) ? value : 0);
  return {
    lostReply: sometimes(0.2),
    lostRequest: sometimes(0.1),
    lateRequest: sometimes(0.15),
    slowAck: sometimes(0.2),
    unavailable: sometimes(0.15),
    storageFull: sometimes(0.05),
    slowRead: sometimes(0.3),
    freezes: sometimes(2),
    crashes: sometimes(2),
    bursts: sometimes(0.5),
    twins: sometimes(0.2),
    reusedIds: sometimes(0.1),
    mistakes: sometimes(0.05),
  };
}
