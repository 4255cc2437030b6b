'use strict';
// Writes docs/errors.md from the closed list of errors and what each means over HTTP.
const fs = require('node:fs');
const path = require('node:path');
const { build, root } = require('./build.cjs');

build();
const { renderErrorDocs } = require(path.join(root, 'dist/libs/platform/src/http/error-reference.js'));
fs.writeFileSync(path.join(root, 'docs', 'errors.md'), renderErrorDocs());
