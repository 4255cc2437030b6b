'use strict';
// npm run dev: builds what changed below apps/ and libs/ and starts Daybook anew. A change that does not compile is
// reported and leaves the running one alone. Ctrl-C stops everything, the started processes first.
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { build, root } = require('./build.cjs');

const WATCHED = ['apps', 'libs'];
/** Editors write a file in several steps. */
const SETTLE_MS = 100;
/** A stop that takes longer is stuck. */
const STOP_MS = 30_000;

let child = null;
let settling = null;
let turning = Promise.resolve();
let isStopping = false;

function say(text) {
  process.stdout.write(`dev: ${text}\n`);
}

/** The number of files compiled, or null if one does not compile. */
function tryBuild() {
  try {
    return build().compiled;
  } catch (error) {
    say(`${error.message}\ndev: not restarted`);
    return null;
  }
}

function start() {
  child = spawn(process.execPath, [path.join(root, 'bin', 'daybook.cjs'), 'start'], { cwd: root, stdio: 'inherit' });
  const started = child;
  started.on('exit', (code, signal) => {
    if (child !== started) return;
    child = null;
    if (!isStopping) say(`stopped by itself (${signal ?? code}); waiting for a change`);
  });
}

/** Resolves when the process is gone. A terminal's Ctrl-C reaches it too; a second signal does no harm. */
function stop() {
  const stopping = child;
  if (stopping === null) return Promise.resolve();
  child = null;
  return new Promise((resolve) => {
    const stuck = setTimeout(() => stopping.kill('SIGKILL'), STOP_MS);
    stopping.once('exit', () => {
      clearTimeout(stuck);
      resolve();
    });
    stopping.kill('SIGTERM');
  });
}

async function rebuildAndRestart() {
  const compiled = isStopping ? null : tryBuild();
  if (compiled === null || (compiled === 0 && child !== null)) return;
  say(`${compiled} files changed`);
  await stop();
  if (!isStopping) start();
}

function onChange() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    turning = turning.then(rebuildAndRestart);
  }, SETTLE_MS);
}

async function end() {
  if (isStopping) return;
  isStopping = true;
  clearTimeout(settling);
  await turning;
  await stop();
  process.exit(0);
}

for (const folder of WATCHED) fs.watch(path.join(root, folder), { recursive: true }, onChange);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
if (tryBuild() !== null) start();
say(`watching ${WATCHED.join(', ')}`);
