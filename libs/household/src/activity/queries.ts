import { DaybookError, formatInstant, type CivilDate, type Clock } from '@daybook/kernel';
import { formatPosition, type LogIdentity, type Position } from '@daybook/eventsourcing';
import { freshness, pageCursor, type QueryAnswer, type QueryContext, type Sealer } from '@daybook/platform';
import { spaceKey, type AsAt, type ReadModels } from '@daybook/projections';
import { sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import { asAtOf } from '../budget-answers/as-at.js';
import { memberAccess } from '../families/index.js';
import type { HouseholdEvent } from '../family/family-events.js';
import type { ActivityEntry, getFamilyActivity } from './contracts.js';
import { shownEntry, type EntryParts } from './shown-entry.js';

export interface ActivityTables {
  activity: {
    space: string;
    seq: bigint;
    position: Position;
    at: Date;
    on_date: CivilDate;
    actor: string;
    type: HouseholdEvent['type'];
    facts: HouseholdEvent['data'];
  };
}

type ActivityArgs = z.output<typeof getFamilyActivity.args>;
type ActivityRow = Omit<ActivityTables['activity'], 'space'>;

interface PageRequest {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Number of the last entry of the page before. */
  readonly after: string | null;
  readonly since: AsAt | null;
}

const isSeq = (part: string): boolean => /^[1-9]\d{0,14}$/.test(part);

/** Answers what happened in a family, to its members. */
export class ActivityQueries {
  constructor(
    private readonly readModels: ReadModels<ActivityTables>,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly log: LogIdentity,
  ) {}

  async getFamilyActivity(args: ActivityArgs, context: QueryContext): Promise<QueryAnswer> {
    const { familyId, limit, cursor: given } = args;
    const cursor = pageCursor('getFamilyActivity', args, [isSeq]);
    const [after = null] = given === undefined ? [] : cursor.decode(given);
    const answer = await this.readModels.read({ ...freshness(context), space: { kind: 'family', id: familyId } }, async (trx, at) => {
      const { currency } = await memberAccess(trx, familyId, context.userId, this.clock.now());
      const since = this.momentOf(args.since, at.position);
      const order = args.order ?? (since === null ? 'desc' : 'asc');
      return { currency, rows: await rowsOf(trx, familyId, { limit, order, after, since }) };
    });
    const { rows, currency } = answer.data;
    const onPage = rows.slice(0, limit);
    const last = onPage.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? cursor.encode([String(last.seq)]) : null;
    const parts = { familyId, currency, sealer: this.sealer };
    return { ...answer, data: { entries: await Promise.all(onPage.map((row) => this.entryOf(row, parts))) }, nextCursor };
  }

  private momentOf(since: ActivityArgs['since'], current: Position): AsAt | null {
    const moment = since === undefined ? null : asAtOf(since, this.log);
    if (moment !== 'other log') return moment;
    const message = 'is from before a restore or from another installation; begin again with an instant';
    throw new DaybookError('POSITION_OTHER_LOG', `since ${message}.`, {
      errors: [{ pointer: '/since', code: 'other_log', message }],
      current: formatPosition(this.log, current),
    });
  }

  private async entryOf({ position, at, on_date: on, actor, type, facts }: ActivityRow, parts: EntryParts): Promise<ActivityEntry> {
    const details = await shownEntry({ type, data: facts } as HouseholdEvent, parts);
    return { position: formatPosition(this.log, position), at: at.toISOString(), on, actor, ...details };
  }
}

/** One more than a page holds, which tells whether there is another. */
async function rowsOf(trx: Transaction<ActivityTables>, familyId: string, page: PageRequest): Promise<ActivityRow[]> {
  const { limit, order, after, since } = page;
  const space = spaceKey({ kind: 'family', id: familyId });
  let rows = trx
    .selectFrom('activity')
    .select(['seq', 'position', 'at', 'on_date', 'actor', 'type', 'facts'])
    .where('space', '=', space);
  if (since !== null) rows = rows.where('seq', '>', lastSeqAt(space, since));
  if (after !== null) rows = rows.where(sql<boolean>`seq ${sql.raw(order === 'asc' ? '>' : '<')} ${after}::bigint`);
  return rows.orderBy('seq', order).limit(limit + 1).execute();
}

/** Position, time and number of an entry grow together: looked for from the newest, which is what people ask about. */
function lastSeqAt(space: string, moment: AsAt) {
  const isKnown =
    'position' in moment
      ? sql`position <= ${moment.position}`
      : sql`at <= ${formatInstant(moment.instantMs)}::timestamptz`;
  return sql<bigint>`coalesce((select seq from activity where space = ${space} and ${isKnown} order by seq desc limit 1), 0)`;
}
