#!/usr/bin/env node
'use strict';
// Old syntax on purpose: an old Node must be able to read this far and say one sentence.
var MINIMUM_NODE = [20, 19];

function nodeIsOldEnough() {
  var version = process.versions.node.split('.').map(Number);
  return version[0] > MINIMUM_NODE[0] || (version[0] === MINIMUM_NODE[0] && version[1] >= MINIMUM_NODE[1]);
}

function fail(sentence) {
  process.stderr.write('daybook: ' + sentence + '\n');
  process.exit(1);
}

function main() {
  if (!nodeIsOldEnough()) {
    fail(
      'needs Node ' + MINIMUM_NODE.join('.') + ' or newer, this is ' + process.versions.node +
        '. Install a newer one (for example: nvm install 22) and run the same command again.'
    );
  }
  var path = require('node:path');
  var fs = require('node:fs');
  var root = path.resolve(__dirname, '..');
  if (!fs.existsSync(path.join(root, 'node_modules'))) fail('the packages are not installed yet. Run: npm ci');
  // A clone builds what changed; an image ships dist/ alone.
  if (fs.existsSync(path.join(root, 'libs'))) require('./build.cjs').build();
  require(path.join(root, 'dist', 'apps', 'cli', 'src', 'main.js')).main(process.argv);
}

main();
