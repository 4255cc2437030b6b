export { check } from './check.js';
export { describe } from './describe.js';
export { parseLine, printLine, type Append, type Line, type Operation, type SeenEvent } from './history.js';
export { HistoryCollector, HistoryWriter, readHistory, type History } from './history-file.js';
export { RULES, type Rule, type Verdict, type Violation } from './verdict.js';
