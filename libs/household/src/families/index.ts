/*
 * For other read models: `memberAccess(trx, familyId, userId, nowMs)` answers {role, today, currency, budget} inside their
 * own read transaction, or throws NOT_FOUND.
 */
export { memberAccess, type MemberAccess } from './access.js';
export * from './contracts.js';
export * from './execute-families.js';
export * from './families.module.js';
export { families } from './projection.js';
