import { CapturedLog } from '../../../../test/support/captured-log.js';
import { edgeApp } from '../../../../test/support/edge-app.js';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { Health, type HealthCheck } from './health.js';
import { watchLoopLag } from './loop-lag.js';
import { installHealthRoutes } from './probe-routes.js';

const SECOND = 1_000;
let time: VirtualTime;
let log: CapturedLog;
let isDatabaseUp: boolean;

beforeEach(() => {
  time = new VirtualTime();
  log = new CapturedLog();
  isDatabaseUp = true;
});

const database: HealthCheck = {
  name: 'read database',
  action: 'See that Postgres runs; commands go on meanwhile.',
  check: () =>
    isDatabaseUp ? Promise.resolve({ poolWaiting: 0 }) : Promise.reject(new Error('connect 10.0.0.7:5432 as daybook')),
};

function health(checks: HealthCheck[] = [database], isStarted = true): Health {
  const made = new Health({ checks, loopLag: { lagMs: () => 0, stop: () => undefined }, clock: time, timers: time, log });
  if (isStarted) made.markStarted();
  return made;
}

/** Probes once a second, as a load balancer does, and answers the last status. */
async function probeFor(made: Health, seconds: number): Promise<number> {
  let status = 0;
  for (let second = 0; second < seconds; second += 1) {
    await time.advance(SECOND);
    ({ status } = await time.until(made.ready()));
  }
  return status;
}

describe('ready', () => {
  it('is said as soon as every check is well once, and not before the start is done', async () => {
    const made = health([database], false);
    expect(made.startup().status).toBe(503);
    expect((await made.ready()).status).toBe(503);
    made.markStarted();
    expect(made.startup()).toEqual({ status: 200, body: { status: 'started', checks: [] } });
    await time.advance(SECOND);
    expect(await made.ready()).toEqual({
      status: 200,
      body: { status: 'ready', checks: [{ name: 'read database', status: 'ok', forSeconds: 1, poolWaiting: 0 }] },
    });
  });

  it('has no grace for a dependency that was never there', async () => {
    isDatabaseUp = false;
    const { status, body } = await health().ready();
    expect(status).toBe(503);
    expect(body.checks).toEqual([
      { name: 'read database', status: 'down', forSeconds: 0, action: 'See that Postgres runs; commands go on meanwhile.' },
    ]);
  });

  it('stays through a loss of nine seconds and flips after ten', async () => {
    const made = health();
    await probeFor(made, 3);
    isDatabaseUp = false;
    expect(await probeFor(made, 10)).toBe(200);
    const [failing] = (await made.ready()).body.checks;
    expect(failing).toEqual({ name: 'read database', status: 'failing', forSeconds: 9, action: database.action });
    expect(await probeFor(made, 1)).toBe(503);
    expect(log.messages()).toEqual(['A health check fails', 'A health check is down']);
  });

  it('comes back when the check has been well for two seconds, not at the first flicker', async () => {
    const made = health();
    await probeFor(made, 1);
    isDatabaseUp = false;
    await probeFor(made, 12);
    isDatabaseUp = true;
    expect(await probeFor(made, 1)).toBe(503);
    isDatabaseUp = false;
    await probeFor(made, 1);
    isDatabaseUp = true;
    expect(await probeFor(made, 2)).toBe(503);
    expect((await made.ready()).body.checks).toMatchObject([{ status: 'recovering' }]);
    expect(await probeFor(made, 1)).toBe(200);
  });

  it('counts a check that does not answer within two seconds as failing, and tells it to stop', async () => {
    let wasStopped = false;
    const hanging: HealthCheck = {
      name: 'event store',
      action: 'Start it.',
      check: (signal) =>
        new Promise(() => signal.addEventListener('abort', () => (wasStopped = true))),
    };
    const { status } = await time.until(health([hanging]).ready());
    expect([status, wasStopped]).toEqual([503, true]);
    expect(time.pendingTimers).toBe(0);
  });

  it('never shows why a check fails', async () => {
    const made = health();
    await probeFor(made, 1);
    isDatabaseUp = false;
    await probeFor(made, 12);
    expect(JSON.stringify(await made.ready())).not.toMatch(/10\.0\.0\.7|as daybook/);
    expect(log.lines.some(({ facts }) => facts['error'] instanceof Error)).toBe(true);
  });

  it('looks once for probes that come together', async () => {
    let looks = 0;
    const made = health([{ ...database, check: () => Promise.resolve(void (looks += 1)) }]);
    await Promise.all([made.ready(), made.ready(), made.ready()]);
    await made.ready();
    expect(looks).toBe(1);
  });

  it('ends at once when the process begins to stop', async () => {
    const made = health();
    await made.ready();
    made.beginShutdown();
    expect(await made.ready()).toEqual({ status: 503, body: { status: 'stopping', checks: [] } });
    expect(made.live().status).toBe(200);
  });
});

describe('live', () => {
  it('asks for nothing but a turning event loop', async () => {
    const loopLag = watchLoopLag({ clock: time, timers: time });
    const made = new Health({ checks: [database], loopLag, clock: time, timers: time, log });
    isDatabaseUp = false;
    await time.advance(60 * SECOND);
    expect(made.live()).toEqual({ status: 200, body: { status: 'live', checks: [] } });
    loopLag.stop();
    await time.advance(5_400);
    expect(made.live().status).toBe(200);
    await time.advance(200);
    expect(made.live()).toMatchObject({ status: 503, body: { status: 'stalled' } });
  });
});

describe('the probe routes', () => {
  it('answer over HTTP without a token', async () => {
    const { app } = edgeApp();
    installHealthRoutes(app, health());
    const headers = { host: 'localhost' };
    expect((await app.inject({ url: '/health/ready', headers })).json()).toMatchObject({ status: 'ready' });
    expect((await app.inject({ url: '/health/live', headers })).statusCode).toBe(200);
    expect((await app.inject({ url: '/health/startup', headers })).statusCode).toBe(200);
  });
});
