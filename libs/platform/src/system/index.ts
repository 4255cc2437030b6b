export * from './data-directory.js';
export * from './directory-lock.js';
export * from './disk-space.js';
export * from './durable-file.js';
export * from './start-error.js';
export * from './system-clock.js';
export * from './system-random.js';
export * from './system-timers.js';
