'use strict';
// Compiles apps, libs, bench, test/support, test/faults, test/mutation and test/checker to dist/ with swc: only what changed since the last build.
// A build of our own, because `npm start` on a fresh machine must not wait for a type check.
const fs = require('node:fs');
const path = require('node:path');
const { createHash } = require('node:crypto');

const root = path.resolve(__dirname, '..');
const SOURCE_ROOTS = ['apps', 'libs', 'bench', 'test/support', 'test/faults', 'test/simulation', 'test/mutation', 'test/checker'];
const LIBRARY_IMPORT = /(require\(|import\()"@daybook\/([a-z-]+)"/g;

function* filesBelow(dir) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (!entry.isDirectory()) yield file;
    else if (entry.name !== 'node_modules') yield* filesBelow(file);
  }
}

// CommonJS output asks for @daybook/<lib>; a relative path keeps dist/ free of any resolver.
function relativeLibraryImports(code, fromFile, outDir) {
  return code.replace(LIBRARY_IMPORT, (_, call, lib) => {
    const target = path.join(outDir, 'libs', lib, 'src', 'index.js');
    const relative = path.relative(path.dirname(fromFile), target).split(path.sep).join('/');
    return `${call}"${relative.startsWith('.') ? relative : `./${relative}`}"`;
  });
}

function build({ outDir = path.join(root, 'dist') } = {}) {
  const swc = require('@swc/core');
  const optionsFile = path.join(root, '.swcrc');
  const fingerprint = createHash('sha256')
    .update(fs.readFileSync(optionsFile))
    .update(fs.readFileSync(__filename))
    .update(process.version)
    .digest('hex');
  const stampFile = path.join(outDir, '.build-stamp');
  const sameTools = fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === fingerprint;
  const produced = new Set([stampFile]);
  let compiled = 0;

  for (const sourceRoot of SOURCE_ROOTS) {
    const sourceDir = path.join(root, sourceRoot);
    if (!fs.existsSync(sourceDir)) continue;
    for (const source of filesBelow(sourceDir)) {
      if (/\.spec\.ts$|\.d\.ts$/.test(source)) continue;
      const relative = path.relative(root, source);
      const isCode = source.endsWith('.ts');
      const target = path.join(outDir, isCode ? relative.replace(/\.ts$/, '.js') : relative);
      produced.add(target).add(`${target}.map`);
      const fresh =
        sameTools && fs.existsSync(target) && fs.statSync(target).mtimeMs >= fs.statSync(source).mtimeMs;
      if (fresh) continue;
      fs.mkdirSync(path.dirname(target), { recursive: true });
      if (isCode) {
        const out = swc.transformFileSync(source, { configFile: optionsFile, swcrc: false });
        const code = relativeLibraryImports(out.code, target, outDir);
        fs.writeFileSync(target, `${code}\n//# sourceMappingURL=${path.basename(target)}.map\n`);
        if (out.map) fs.writeFileSync(`${target}.map`, out.map);
      } else {
        fs.copyFileSync(source, target);
      }
      compiled += 1;
    }
  }

  if (fs.existsSync(outDir)) {
    for (const file of [...filesBelow(outDir)]) if (!produced.has(file)) fs.rmSync(file);
    fs.writeFileSync(stampFile, fingerprint);
  }
  return { compiled };
}

module.exports = { build, root };

if (require.main === module) {
  const started = process.hrtime.bigint();
  const { compiled } = build();
  const milliseconds = Number((process.hrtime.bigint() - started) / 1_000_000n);
  process.stdout.write(`built ${compiled} changed files in ${milliseconds} ms\n`);
}
