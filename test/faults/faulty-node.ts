import { startEventStoreNode, type EventStoreNode, type FaultOrder, type NodeMessage } from '../../apps/eventstore/src/index.js';

/** A node that fails when it is told to. */
export interface FaultyNode {
  readonly node: EventStoreNode;
  /** Resolves when the node behaves so. */
  order(order: FaultOrder): Promise<void>;
}

export async function startFaultyNode(directory: string): Promise<FaultyNode> {
  let carriedOut = (): void => undefined;
  const onMessage = (message: NodeMessage): void => {
    if ('ordered' in message) carriedOut();
  };
  const node = await startEventStoreNode({ dir: directory, args: ['--faults'], onMessage });
  return {
    node,
    order: (order) =>
      new Promise((resolve) => {
        carriedOut = resolve;
        node.order(order);
      }),
  };
}
