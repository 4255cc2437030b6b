export { budgetPeriods } from './projection.js';
export { documentOf } from './queries.js';
export { budgetPeriodsViews } from './sql.js';
