export { budgetPeriods } from './projection.js';
export { documentOf } from './queries.js';
