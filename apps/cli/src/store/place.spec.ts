import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defaultDataDirectory, holdsLog, logFolderOf, readPlace, shownPlace } from './place.js';

describe('a place', () => {
  it('is a server where it looks like an address, and files otherwise', () => {
    expect(readPlace('esdb://127.0.0.1:2113?tls=false').kind).toBe('server');
    expect(readPlace('kurrentdb+discover://a,b').kind).toBe('server');
    expect(readPlace('./home')).toEqual({ kind: 'files', directory: path.resolve('home') });
  });

  it('is never shown with its password', () => {
    expect(shownPlace(readPlace('esdb://ada:secret@one:2113,two:2113?tls=true'))).toBe('esdb://…@one:2113,two:2113?tls=true');
    expect(shownPlace(readPlace('/var/lib/daybook'))).toBe('/var/lib/daybook');
  });

  it('is Daybook\'s own by default, wherever one stands', () => {
    expect(defaultDataDirectory({})).toBe(path.resolve('.daybook'));
    expect(defaultDataDirectory({ DAYBOOK_DATA_DIR: '/data' })).toBe('/data');
  });
});

describe('a directory', () => {
  it('is that of Daybook with the log in a folder, or that of a node, which is the log', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'daybook-place-'));
    writeFileSync(path.join(directory, '00000000000000000000.log'), '');
    expect([logFolderOf(directory), holdsLog(directory)]).toEqual([{ log: directory, dataDirectory: undefined }, true]);

    mkdirSync(path.join(directory, 'eventstore'));
    const log = path.join(directory, 'eventstore');
    expect([logFolderOf(directory), holdsLog(log)]).toEqual([{ log, dataDirectory: directory }, false]);
    rmSync(directory, { recursive: true });
  });
});
