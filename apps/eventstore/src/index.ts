export { checkLog, UnreadableLogError, type CheckOptions, type LogCheck } from './check/check-log.js';
export { ExitCode, type ExitCodeValue } from './exit-codes.js';
export {
  startEventStoreNode,
  EventStoreStartError,
  type EventStoreExit,
  type EventStoreNode,
  type NodeMessage,
  type StartOptions,
} from './launch.js';
export type { FaultOrder } from './faults/fault-switches.js';
export type { ScrubPass } from './scrub/scrub.js';
export { describeDamage, NewerFormatError, type Damage } from './storage/storage-errors.js';
