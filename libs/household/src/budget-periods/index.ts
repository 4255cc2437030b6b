export { periodsWithFacts } from './period-row.js';
export { budgetPeriods } from './projection.js';
export { documentIn, documentOf } from './queries.js';
export { budgetPeriodsViews } from './sql.js';
