export type { LoggedError, TechnicalError } from './error-log.js';
export { OPS_MIGRATIONS } from './migrations.js';
export { openOps, opsDatabaseUrl, type Ops, type OpsOptions } from './ops.js';
export type { RateLimit, TokenAnswer } from './rate-limits.js';
export type { RememberedAnswer } from './remembered-answers.js';
