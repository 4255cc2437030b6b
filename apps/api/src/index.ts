export type { Projected } from './projected.js';
export { testClockFacts } from './dev-clock-request.js';
export * from './api-parts.js';
export { firstSteps } from './home-page.js';
export * from './main.js';
