export { dailyBudgets } from './projection.js';
export { daysIn, daysOf } from './queries.js';
export { dailyBudgetsViews } from './sql.js';
