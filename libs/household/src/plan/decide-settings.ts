import type { ChangeFamilySettings } from './commands-settings.js';
import type { PlanEvent } from './events.js';
import { isSameText, nextPeriodStart, type Scene } from './scene.js';

type Settings = Extract<PlanEvent, { type: 'FamilySettingsChanged' }>['data'];

/** Only what differs from what counts, or was announced, is stored. */
export function decideChangeFamilySettings(command: ChangeFamilySettings, scene: Scene): readonly PlanEvent[] {
  const data: Settings = { ...name(command, scene), ...timeZone(command, scene), ...startDay(command, scene), ...endPolicy(command, scene) };
  return Object.keys(data).length === 0 ? [] : [{ type: 'FamilySettingsChanged', data }];
}

function name({ name: after }: ChangeFamilySettings, { membership: { name: before } }: Scene): Settings {
  return after === null || isSameText(before, after) ? {} : { name: { before, after } };
}

/** From a day on (rule R25); it takes the place of whatever zone was announced for that day or later. */
function timeZone({ timeZone: after, effective }: ChangeFamilySettings, scene: Scene): Settings {
  if (after === null) return {};
  const { zones } = scene.plan.budget;
  const from = effective === 'now' ? scene.today : nextPeriodStart(scene);
  const counting = zones.findLastIndex((entry) => entry.from === null || entry.from <= from);
  const before = zones.slice(counting).find((entry) => entry.timeZone !== after)?.timeZone;
  return before === undefined ? {} : { timeZone: { before, after, from } };
}

/** The running period runs out as it began (rule R26). */
function startDay({ startDay: after }: ChangeFamilySettings, scene: Scene): Settings {
  const before = scene.plan.budget.calendar.at(-1)?.startDay;
  if (after === null || before === undefined || before === after) return {};
  return { startDay: { before, after, from: nextPeriodStart(scene) } };
}

function endPolicy({ endPolicy: after }: ChangeFamilySettings, { plan: { budget } }: Scene): Settings {
  return after === null || after === budget.endPolicy ? {} : { endPolicy: { before: budget.endPolicy, after } };
}
