'use strict';
// npm run mutate [-- <folder> …]: builds, then plants faults into the household's pure files and counts the noticed ones.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { build, root } = require('./build.cjs');

build();
const program = path.join(root, 'dist', 'test', 'mutation', 'mutate.js');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
