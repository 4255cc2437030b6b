'use strict';
// After the integration tests: nothing is left, neither a process nor a file nor, on a server of one's own, a database.
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('../../bin/build.cjs');

module.exports = async () => {
  const started = globalThis.daybookTestServer;
  if (started) {
    await started.server.stop();
    fs.rmSync(started.dataDirectory, { recursive: true, force: true });
    return;
  }
  const { dropTestDatabases } = require(path.join(root, 'dist/test/support/database.js'));
  await dropTestDatabases();
};
