import { householdGroup } from '@daybook/household';
import type { PositionWatch, Space } from '@daybook/projections';
import type { Projected } from '../../api/src/index.js';

/** A fold that failed stops all read models of its family. */
const READ_MODELS = householdGroup.projections.map(({ name }) => name);

/** The command is accepted, whatever becomes of the wait: a database that is away only means that nobody can tell. */
export async function untilProjected(
  watch: Pick<PositionWatch, 'wait'>,
  space: Space,
  position: bigint,
  timeoutMs: number,
): Promise<Projected> {
  const waited = await watch.wait(space, position, timeoutMs).catch(() => 'timeout' as const);
  switch (waited) {
    case 'reached':
      return { projected: true };
    case 'timeout':
      return { projected: false };
    case 'parked':
      return { projected: false, notProjected: READ_MODELS };
    default:
      throw new Error(`unknown end of a wait ${JSON.stringify(waited satisfies never)}`);
  }
}
