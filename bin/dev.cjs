'use strict';
// npm run dev: builds what changed below apps/ and libs/ and starts Daybook anew. A change that does not compile is
// reported and leaves the running one alone. Ctrl-C stops everything, the started processes first.
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { build, root } = require('./build.cjs');

const WATCHED = ['apps', 'libs'];
const LOOK_EVERY_MS = 400;
/** A stop that takes longer is stuck. */
const STOP_MS = 30_000;

let child = null;
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
    // What follows is the compiler's own stack.
    say(`${error.message.split('\n\nCaused by:')[0]}\ndev: not restarted`);
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

/** Names, times and sizes of all sources. Asked for, not listened to: a save through a rename escapes fs.watch. */
function fingerprint() {
  const lines = [];
  for (const folder of WATCHED) {
    for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const { mtimeMs, size } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
      lines.push(`${file} ${mtimeMs} ${size}`);
    }
  }
  return lines.join('\n');
}

function look() {
  const now = fingerprint();
  if (now === seen) return;
  seen = now;
  turning = turning.then(rebuildAndRestart);
}

async function end() {
  if (isStopping) return;
  isStopping = true;
  clearInterval(looking);
  await turning;
  await stop();
  process.exit(0);
}

let seen = fingerprint();
const looking = setInterval(look, LOOK_EVERY_MS);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
if (tryBuild() !== null) start();
say(`watching ${WATCHED.join(', ')}`);
