'use strict';
const [unit] = require('./jest.config.cjs').projects;

// Apart from `npm test`, because it needs what npm does not install.
module.exports = {
  ...unit,
  displayName: 'browser',
  testMatch: ['<rootDir>/test/browser/**/*.browser.spec.ts'],
  testPathIgnorePatterns: [],
};
