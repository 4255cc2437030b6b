import { readCommandLine, UsageError } from './command-line.js';

describe('the command line of the node', () => {
  it('needs a directory and knows a default for everything else', () => {
    expect(readCommandLine(['--dir', '/data'], {})).toEqual({
      directory: '/data',
      host: '127.0.0.1',
      port: 2113,
      segmentBytes: 64 * 1024 * 1024,
      reserveBytes: 256 * 1024 * 1024,
      verify: false,
      scrubBytesPerSecond: 2 * 1024 * 1024,
      scrubPauseMs: 24 * 60 * 60 * 1000,
      failsOnOrder: false,
    });
  });

  it('takes directory and port from the environment, and the arguments before them', () => {
    const env = { EVENTSTORE_DIR: '/env', EVENTSTORE_PORT: '7' };
    expect(readCommandLine([], env)).toMatchObject({ directory: '/env', port: 7 });
    expect(readCommandLine(['--dir', '/args', '--port', '0', '--verify'], env)).toMatchObject({
      directory: '/args',
      port: 0,
      verify: true,
    });
  });

  it.each(['127.0.0.1', '127.0.0.8', '::1', 'localhost'])('listens on %s', (host) => {
    expect(readCommandLine(['--dir', '/d', '--host', host], {}).host).toBe(host);
  });

  it.each([
    [['--dir', '/d', '--host', '0.0.0.0'], 'loopback only'],
    [['--dir', '/d', '--host', '192.168.1.4'], 'loopback only'],
    [['--dir', '/d', '--host', '127.0.0.1.example.org'], 'loopback only'],
    [[], '--dir'],
    [['--dir', '/d', '--port', '70000'], '--port must be a whole number'],
    [['--dir', '/d', '--port', '1.5'], '--port must be a whole number'],
    [['--dir', '/d', '--scrub-hours', '481'], '--scrub-hours must be a whole number from 0 to 480'],
    [['--dir', '/d', '--wrong'], 'wrong'],
  ])('refuses %j and says why', (args, reason) => {
    expect(() => readCommandLine(args, {})).toThrow(UsageError);
    expect(() => readCommandLine(args, {})).toThrow(reason);
  });

  it('makes the node fail on purpose only when told so, and never in production', () => {
    expect(readCommandLine(['--dir', '/d', '--faults'], {}).failsOnOrder).toBe(true);
    expect(() => readCommandLine(['--dir', '/d', '--faults'], { NODE_ENV: 'production' })).toThrow('not for production');
  });
});
