'use strict';
// Writes docs/configuration.md from the schema of the environment.
const fs = require('node:fs');
const path = require('node:path');
const { build, root } = require('./build.cjs');

build();
const { renderConfigurationDocs } = require(path.join(root, 'dist/libs/platform/src/config/configuration-docs.js'));
fs.writeFileSync(path.join(root, 'docs', 'configuration.md'), renderConfigurationDocs());
