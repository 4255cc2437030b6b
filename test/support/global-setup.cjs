'use strict';
// Before the integration tests: one Postgres server for the whole run, here in the main process, because its life is
// tied to the thread that starts it. DATABASE_TEST_URL names a server to use instead (a role that may make databases).
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { build, root } = require('../../bin/build.cjs');

module.exports = async () => {
  build();
  if (process.env.DATABASE_TEST_URL) {
    process.env.DAYBOOK_TEST_POSTGRES = process.env.DATABASE_TEST_URL;
  } else {
    const { startEmbeddedPostgres } = require(path.join(root, 'dist/libs/platform/src/postgres/embedded-postgres.js'));
    const dataDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-test-'));
    const server = await startEmbeddedPostgres({ dataDirectory, durability: 'throwaway' });
    process.env.DAYBOOK_TEST_POSTGRES = server.url('postgres');
    globalThis.daybookTestServer = { server, dataDirectory };
  }
  process.env.DAYBOOK_TEST_RUN = `${process.pid}_${Date.now().toString(36)}`;
};
