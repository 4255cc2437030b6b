'use strict';
const { projects } = require('../../jest.config.cjs');

const unit = projects.find(({ displayName }) => displayName === 'unit');
const [[files, [, options]]] = Object.entries(unit.transform);

// The unit tests, each planted fault in a run of its own.
module.exports = { ...unit, transform: { [files]: [require.resolve('./mutating-transform.cjs'), options] } };
