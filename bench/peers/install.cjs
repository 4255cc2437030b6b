'use strict';
// Installs the peers of the benchmarks, at the versions of the lock file beside this, where the product never looks:
//   node bench/peers/install.cjs
const { spawnSync } = require('node:child_process');

const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
const { status } = spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: __dirname, stdio: 'inherit' });
process.exit(status ?? 1);
