'use strict';
// Completes package-lock.json so that `npm ci` accepts it on every platform. A lock file written where the packages of
// other platforms cannot be fetched leaves them out, and `npm ci` then refuses it everywhere. Each gets an entry with
// its version and platform; its hash is not known here, so those platforms take it by version. Download addresses are
// dropped: whoever installs uses their own registry, and every hash known here is still checked.
//   node bin/lock-complete.cjs            writes
//   node bin/lock-complete.cjs --check    says what is missing, and fails if anything is
const fs = require('node:fs');
const path = require('node:path');

const lockFile = path.resolve(__dirname, '..', 'package-lock.json');
const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Optional dependencies named by a package of the lock file and found nowhere on its way up the tree. */
function missingOptional(lock) {
  return Object.entries(lock.packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !placesSeenFrom(from).some((place) => `${place}node_modules/${name}` in lock.packages))
      .map(([name, version]) => ({ from, name, version })),
  );
}

/** `node_modules/a/node_modules/b` sees packages below itself, below a, and below the root. */
function placesSeenFrom(location) {
  const parents = [...location.matchAll(/(?<=^|\/)node_modules\//g)].map(({ index }) => location.slice(0, index));
  return [location === '' ? '' : `${location}/`, ...parents];
}

function platformEntry({ from, name, version }) {
  const words = name.slice(name.indexOf('/') + 1).split('-');
  const os = OS.find((one) => words.includes(one));
  const cpu = CPU.find((one) => words.includes(one));
  if (os === undefined || cpu === undefined || !/^\d/.test(version)) {
    throw new Error(`${from} wants ${name}@${version}: neither a platform nor an exact version can be read from that.`);
  }
  const libc = words.some((word) => word.startsWith('gnu')) ? ['glibc'] : words.some((word) => word.startsWith('musl')) ? ['musl'] : null;
  return { version, cpu: [cpu], ...(libc !== null && os === 'linux' ? { libc } : {}), optional: true, os: [os] };
}

function withAddress(lock) {
  return Object.keys(lock.packages).filter((location) => 'resolved' in lock.packages[location]);
}

function completed(lock) {
  const packages = structuredClone(lock.packages);
  for (const missing of missingOptional(lock)) {
    const location = `node_modules/${missing.name}`;
    const entry = platformEntry(missing);
    const other = packages[location]?.version ?? entry.version;
    if (other !== entry.version) throw new Error(`${missing.name} is wanted as ${other} and as ${entry.version}.`);
    packages[location] = entry;
  }
  for (const location of withAddress(lock)) delete packages[location].resolved;
  const sorted = Object.entries(packages).sort(([left], [right]) => left.localeCompare(right, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

function faultsOf(lock) {
  return [
    ...missingOptional(lock).map(({ from, name, version }) => `${from} wants ${name}@${version}, which is not in the lock file`),
    ...withAddress(lock).map((location) => `${location} names where it was downloaded from`),
  ];
}

module.exports = { completed, faultsOf };

if (require.main === module) {
  const lock = JSON.parse(fs.readFileSync(lockFile, 'utf8'));
  const faults = faultsOf(lock);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if (faults.length === 0) {
    process.stdout.write('package-lock.json is complete\n');
  } else if (process.argv.includes('--check')) {
    process.stdout.write('run: npm run lock:complete\n');
    process.exitCode = 1;
  } else {
    fs.writeFileSync(lockFile, `${JSON.stringify(completed(lock), null, 2)}\n`);
    process.stdout.write(`completed ${faults.length} entries\n`);
  }
}
