export * from './contracts.js';
export * from './execute-members.js';
export * from './members.module.js';
export { members } from './projection.js';
