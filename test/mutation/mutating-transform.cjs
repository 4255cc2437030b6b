'use strict';
// Compiles as every test does, with one fault planted into one file: {file, start, end, text} in DAYBOOK_MUTANT.
const swc = require('@swc/jest');

const mutant = JSON.parse(process.env.DAYBOOK_MUTANT ?? 'null');
const planted = (source, file) =>
  file === mutant?.file ? source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end) : source;

exports.createTransformer = (options) => {
  const compiler = swc.createTransformer(options);
  return {
    ...compiler,
    process: (source, file, context) => compiler.process(planted(source, file), file, context),
    getCacheKey: (source, file, context) => compiler.getCacheKey(planted(source, file), file, context),
  };
};
