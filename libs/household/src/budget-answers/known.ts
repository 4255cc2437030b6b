import { DaybookError, parseCivilDate, parseCurrency, type CivilDate, type Clock, type CurrencyCode } from '@daybook/kernel';
import { formatPosition, type LogIdentity, type Position } from '@daybook/eventsourcing';
import { freshness, type QueryContext } from '@daybook/platform';
import {
  foldHistory,
  historyOf,
  positionAsAt,
  type AsAt,
  type ProjectedEvent,
  type ProjectionGroup,
  type ReadAnswer,
  type ReadModels,
} from '@daybook/projections';
import type { DaySums } from '../budget/day-walk.js';
import type { BudgetDocument } from '../budget/document.js';
import { todayIn, zoneOn } from '../budget/today.js';
import { budgetPeriods, documentIn, documentOf } from '../budget-periods/index.js';
import { dailyBudgets, daysIn, daysOf } from '../daily-budgets/index.js';
import { memberAccess } from '../families/index.js';
import type { Role } from '../membership/roles.js';
import { asAtOf, type AsAtText } from './as-at.js';

/** What is known of a family's budget, now or at some moment before, and whose day it is then. */
export interface Known {
  readonly familyId: string;
  readonly document: BudgetDocument;
  readonly currency: CurrencyCode;
  /** The family's civil date at the moment of knowledge: what is provisional or still to come follows from it. */
  readonly today: CivilDate;
  readonly timeZone: string;
  /** The family's civil date now, which `today` in a question means. */
  readonly realToday: CivilDate;
  days(from: CivilDate, to: CivilDate): Promise<DaySums>;
  /** The family's events up to that moment. */
  history(): Promise<readonly ProjectedEvent[]>;
}

/** Asks for what it needs while the snapshot is there; the answer is computed when the database has it back. */
export type Answering<Data> = (known: Known) => Promise<() => Data>;

export interface KnowingParts {
  readonly readModels: ReadModels<unknown>;
  readonly clock: Clock;
  readonly logIdentity: LogIdentity;
}

export interface Moment {
  readonly familyId: string;
  readonly asAt?: AsAtText | undefined;
}

type Answered<Data> = Pick<ReadAnswer<Data>, 'data' | 'position' | 'stale'>;

/** What the numbers about a budget are folded into. */
const FOLDED: ProjectionGroup['projections'] = [budgetPeriods, dailyBudgets];

/** Answers the members of a family what is known of its budget; what was known before is for its managers. */
export async function knowing<Data>(
  parts: KnowingParts,
  moment: Moment,
  context: QueryContext,
  answering: Answering<Data>,
): Promise<Answered<Data>> {
  return moment.asAt === undefined
    ? knowingNow(parts, moment.familyId, context, answering)
    : knowingThen(parts, { ...moment, asAt: moment.asAt }, context, answering);
}

async function knowingNow<Data>(
  { readModels, clock }: KnowingParts,
  familyId: string,
  context: QueryContext,
  answering: Answering<Data>,
): Promise<Answered<Data>> {
  const space = { kind: 'family', id: familyId } as const;
  const { data: compute, ...read } = await readModels.read({ space, ...freshness(context) }, async (trx, { position }) => {
    const { today } = await memberAccess(trx, familyId, context.userId, clock.now());
    const document = await documentOf(trx, familyId);
    if (document === null) throw new Error('a family has members and no budget');
    return answering({
      ...about(familyId, document, today),
      realToday: today,
      days: (from, to) => daysIn(trx, familyId, from, to),
      history: () => historyOf(trx, readModels.group, space, { upTo: position }),
    });
  });
  return { ...read, data: compute() };
}

/** The live folds over the family's history up to there, read from audit_log; nothing is written. */
async function knowingThen<Data>(
  { readModels, clock, logIdentity }: KnowingParts,
  { familyId, asAt: text }: Required<Moment> & { readonly asAt: AsAtText },
  context: QueryContext,
  answering: Answering<Data>,
): Promise<Answered<Data>> {
  const space = { kind: 'family', id: familyId } as const;
  const asAt = asAtOf(text, logIdentity);
  const nowMs = clock.now();
  const freshEnough = freshness({ ...context, minPosition: newest(context.minPosition, asAt) });
  const { data: then, ...read } = await readModels.read({ space, ...freshEnough }, async (trx, at) => {
    const { role, today: realToday } = await memberAccess(trx, familyId, context.userId, nowMs);
    requireManager(role);
    if (asAt === 'other log') throw otherLog(logIdentity, at.position);
    const position = await positionAsAt(trx, readModels.group, asAt, at.position);
    return { position, realToday, events: await historyOf(trx, readModels.group, space, { upTo: position }) };
  });
  const { position, events, realToday } = then;
  const folded = foldHistory(FOLDED, events);
  const [last, document] = [events.at(-1), documentIn(folded, familyId)];
  if (last === undefined || document === null) throw notBorn();
  const compute = await answering({
    ...about(familyId, document, dayOf(asAt, document, last, nowMs)),
    realToday,
    days: (from, to) => Promise.resolve(daysOf(folded, from, to)),
    history: () => Promise.resolve(events),
  });
  return { ...read, position, data: compute() };
}

function about(familyId: string, document: BudgetDocument, today: CivilDate) {
  const { currency, zones } = document.plan;
  return { familyId, document, currency: parseCurrency(currency), today, timeZone: zoneOn(zones, today) };
}

/** A position has no day but that of the last decision of the family it covers; and nothing is known of what is to come. */
function dayOf(asAt: AsAt | 'other log', document: BudgetDocument, last: ProjectedEvent, nowMs: number): CivilDate {
  const isInstant = typeof asAt === 'object' && 'instantMs' in asAt;
  return isInstant ? todayIn(document.plan.zones, Math.min(asAt.instantMs, nowMs)) : parseCivilDate(last.on);
}

function newest(minPosition: Position | undefined, asAt: AsAt | 'other log'): Position | undefined {
  const wanted = typeof asAt === 'object' && 'position' in asAt ? asAt.position : undefined;
  if (wanted === undefined || minPosition === undefined) return wanted ?? minPosition;
  return wanted > minPosition ? wanted : minPosition;
}

function requireManager(role: Role): void {
  if (role === 'manager') return;
  throw new DaybookError('FORBIDDEN', `Asking with asAt takes the role manager; yours is ${role}.`);
}

function notBorn(): DaybookError {
  const message = 'is from before the family was created; ask for a later moment';
  return new DaybookError('DATE_OUT_OF_RANGE', `asAt ${message}.`, { errors: [{ pointer: '/asAt', code: 'before_creation', message }] });
}

function otherLog(log: LogIdentity, current: Position): DaybookError {
  const message = 'is from before a restore or from another installation; take an instant, or a position of a newer answer';
  return new DaybookError('POSITION_OTHER_LOG', `asAt ${message}.`, {
    errors: [{ pointer: '/asAt', code: 'other_log', message }],
    current: formatPosition(log, current),
  });
}
