export { dailyBudgets } from './projection.js';
export { daysIn } from './queries.js';
export { dailyBudgetsViews } from './sql.js';
