import { CAUGHT_UP, confirmation } from '../messages/read-response.js';
import type { Call } from '../wire/call.js';
import type { ReadContext } from './read-context.js';

/** What a subscription follows: one pass sends everything durable it has not sent and says if there was anything. */
export type Pass = () => Promise<void>;

/**
 * Confirmation, history, caught up, then live. A subscription is a cursor, not a queue: a reader that is slow simply
 * finds more in the log on its next pass, whoever else is faster, and costs one chunk of memory.
 */
export async function runSubscription(call: Call, context: ReadContext, pass: Pass): Promise<void> {
  call.send(confirmation(context.random.uuid()));
  let caughtUp = false;
  let wake = (): void => undefined;
  call.onClose(() => wake());
  while (call.open) {
    const seen = context.index.committedCount;
    await pass();
    if (!call.open) return;
    if (context.index.committedCount !== seen) continue;
    if (!caughtUp) {
      caughtUp = true;
      await call.sendAndDrain(CAUGHT_UP);
      continue; // a commit may have happened while that was sent
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
      context.commits.next(resolve);
    });
    context.commits.forget(wake);
  }
}
