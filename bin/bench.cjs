'use strict';
// npm run bench -- <name> [--smoke] [...]: builds, then runs bench/<name>.ts. Results go to bench/results/.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { build, root } = require('./build.cjs');

const [name, ...args] = process.argv.slice(2);
const names = fs
  .readdirSync(path.join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

if (!names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- <name> [--smoke]\nnames: ${names.join(', ')}\n`);
  process.exit(2);
}
build();
const { status } = spawnSync(process.execPath, [path.join(root, 'dist', 'bench', `${name}.js`), ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
