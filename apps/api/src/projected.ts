import type { CommandAnswer } from '@daybook/platform';

/** What became of the wait for the read models after a command. */
export interface Projected {
  /** All of them have it. */
  readonly projected: boolean;
  /** Read models that nobody waits for, because they stand still for this family. */
  readonly notProjected?: readonly string[];
}

export const NOT_WAITED: Projected = { projected: false };

type Space = CommandAnswer['space'];

/** One wait a space, for the last position in it; the outcomes in the order of the answers. */
export async function untilAllProjected(
  answers: readonly Pick<CommandAnswer, 'space' | 'position'>[],
  until: (space: Space, position: bigint) => Promise<Projected>,
): Promise<readonly Projected[]> {
  const last = new Map<string, { readonly space: Space; readonly position: bigint }>();
  for (const { space, position } of answers) {
    const before = last.get(keyOf(space));
    if (before === undefined || before.position < position) last.set(keyOf(space), { space, position });
  }
  const waited = await Promise.all([...last].map(async ([key, { space, position }]) => [key, await until(space, position)] as const));
  const bySpace = new Map(waited);
  return answers.map(({ space }) => bySpace.get(keyOf(space)) ?? NOT_WAITED);
}

function keyOf({ kind, id }: Space): string {
  return `${kind}:${id}`;
}
