export { ExitCode, type ExitCodeValue } from './exit-codes.js';
export {
  startEventStoreNode,
  EventStoreStartError,
  type EventStoreExit,
  type EventStoreNode,
  type StartOptions,
} from './launch.js';
