import { formatInstant, monthOf, parseInstant, uuidV5, type CivilMonth, type Sealed } from '@daybook/kernel';
import * as fc from 'fast-check';
import type { HouseholdEvent } from '../../libs/household/src/family/family-events.js';
import { familyStream, ledgerStream } from '../../libs/household/src/family/family-stream.js';
import { HOME } from './budget-events.js';
import { familyLives, historyOfLife, type Life } from './family-lives.js';
import type { HouseholdRig } from './household-rig.js';

/** An event of the household as the log will have it. */
export interface LoggedEvent {
  readonly stream: string;
  readonly actor: string;
  readonly on: string;
  readonly event: HouseholdEvent;
}

const ACTORS = ['ada', 'bob', 'carol'] as const;
const CATEGORIES = ['groceries', 'holidays', 'school'] as const;

const labelling = fc.record({
  /** Where in the family's life it happens. */
  place: fc.nat(),
  category: fc.constantFrom(...CATEGORIES),
  name: fc.string({ minLength: 1, maxLength: 20 }),
});
const family = fc.record({ life: familyLives({ maxLength: 25 }), labellings: fc.array(labelling, { maxLength: 6 }) });

type Family = typeof family extends fc.Arbitrary<infer One> ? One : never;
type Labelling = Family['labellings'][number];

/** What a few families do in one log, each in an order the commands would allow, all of them in between one another. */
export function householdHistories({ families = 3 } = {}): fc.Arbitrary<(namespace: string) => LoggedEvent[]> {
  return fc
    .record({ lives: fc.array(family, { minLength: 1, maxLength: families }), turns: fc.infiniteStream(fc.nat()) })
    .map(({ lives, turns }) => (namespace: string) => {
      const rest = lives.map((one, index) => eventsOf(one, uuidV5(namespace, `family ${index}`)));
      return [...inTurns(rest, turns)];
    });
}

/** A second and a command an event; times go on within a family and jump between them. */
export async function writeHistory(rig: HouseholdRig, events: readonly LoggedEvent[]): Promise<void> {
  for (const [index, { stream, event, ...circumstances }] of events.entries()) {
    const recordedAt = formatInstant(parseInstant(`${circumstances.on}T10:00:00.000Z`) + index * 1_000);
    await rig.givenUnder({ ...circumstances, recordedAt }, stream, event);
  }
}

function* inTurns(rest: LoggedEvent[][], turns: Iterator<number>): Generator<LoggedEvent> {
  for (let left = rest.filter((events) => events.length > 0); left.length > 0; left = left.filter((events) => events.length > 0)) {
    const next = left[Number(turns.next().value) % left.length]?.shift();
    if (next !== undefined) yield next;
  }
}

function eventsOf({ life, labellings }: Family, familyId: string): LoggedEvent[] {
  const months = new Map<string, CivilMonth>();
  return labelled(life, labellings).map(({ on, ...own }, index) => {
    const event = JSON.parse(JSON.stringify(own).replaceAll(HOME, familyId)) as HouseholdEvent;
    const actor = ACTORS[index % ACTORS.length] ?? 'ada';
    return { stream: streamOf(event, familyId, months), actor, on, event };
  });
}

type Dated = HouseholdEvent & { readonly on: string };
type Label = { name: Sealed; isArchived: boolean };

/** The family's life, with categories added, renamed and put away in between. */
function labelled(life: Life, labellings: readonly Labelling[]): Dated[] {
  const { events } = historyOfLife(life);
  const born = events.findIndex(({ type }) => type === 'BudgetPlanSet') + 1;
  const spotOf = ({ place }: Labelling): number => born + (place % (events.length - born + 1));
  const labels = new Map<string, Label>();
  return [...events, null].flatMap((event, spot): Dated[] => {
    const { on } = events[spot - 1] ?? life.family;
    const here = labellings.filter((one) => spotOf(one) === spot).map((one) => ({ ...labelEvent(labels, one), on }));
    return event === null ? here : [...here, event];
  });
}

/** What can be done next to a category, and what is left of it then. */
function labelEvent(labels: Map<string, Label>, { category, name: text, place }: Labelling): HouseholdEvent {
  const categoryId = uuidV5(HOME, category);
  const name: Sealed = { sealed: 1, subject: 'ada', data: Buffer.from(text).toString('base64url') };
  const before = labels.get(categoryId);
  if (before === undefined) {
    labels.set(categoryId, { name, isArchived: false });
    return { type: 'CategoryAdded', data: { categoryId, kind: place % 2 === 0 ? 'variable' : 'fixed', name } };
  }
  if (before.isArchived) {
    labels.set(categoryId, { ...before, isArchived: false });
    return { type: 'CategoryRestored', data: { categoryId } };
  }
  if (place % 3 === 0) {
    labels.set(categoryId, { ...before, isArchived: true });
    return { type: 'CategoryArchived', data: { categoryId } };
  }
  labels.set(categoryId, { ...before, name });
  return { type: 'CategoryRenamed', data: { categoryId, before: before.name, after: name } };
}

/** A transaction lives in the month of the date it was created with. */
function streamOf(event: HouseholdEvent, familyId: string, months: Map<string, CivilMonth>): string {
  if (event.type === 'TransactionRecorded') months.set(event.data.transactionId, monthOf(event.data.date));
  const month = 'transactionId' in event.data ? months.get(event.data.transactionId) : undefined;
  return month === undefined ? familyStream(familyId) : ledgerStream(familyId, month);
}
