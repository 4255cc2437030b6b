'use strict';
const fs = require('node:fs');
const path = require('node:path');

const swcOptions = {
  ...JSON.parse(fs.readFileSync(path.join(__dirname, '.swcrc'), 'utf8')),
  sourceMaps: 'inline',
  swcrc: false,
};
delete swcOptions.$schema;

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.(ts|js)$': ['@swc/jest', swcOptions] },
  // jose ships as an ES module only; everything else in node_modules is loaded as it is.
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  moduleNameMapper: {
    '^@daybook/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

// The suffix says what a test needs: nothing (`.spec.ts`), Postgres (`.pg.spec.ts`), running processes (`.it.spec.ts`),
// or Chromium (`.browser.spec.ts`, only with `npm run test:browser`). The simulation needs nothing but time, so it is a
// project of its own and not part of `check`.
module.exports = {
  maxWorkers: 2,
  testTimeout: 20_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.(pg|it|browser)\\.spec\\.ts$', '<rootDir>/test/simulation/'],
    },
    {
      ...shared,
      displayName: 'simulation',
      testMatch: ['<rootDir>/test/simulation/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.it\\.spec\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs,test}/**/*.{pg,it}.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.cjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
    },
  ],
};
