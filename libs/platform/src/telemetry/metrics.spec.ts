import { DaybookError } from '@daybook/kernel';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { edgeApp } from '../../../../test/support/edge-app.js';
import { Metrics } from './metrics.js';
import { installHttpMetrics, installMetricsRoute } from './probe-routes.js';

describe('metrics', () => {
  it('time requests by method, route pattern and status, never by path', async () => {
    const { app, log } = edgeApp();
    const metrics = new Metrics({ log, ofProcess: false });
    installHttpMetrics(app, metrics);
    installMetricsRoute(app, metrics);
    app.get('/v1/families/:id', () => ({}));
    app.post('/v1/commands/:name', () => {
      throw new DaybookError('FORBIDDEN', 'no');
    });
    const headers = { host: 'localhost' };
    await app.inject({ url: '/v1/families/secret-id', headers });
    await app.inject({ method: 'POST', url: '/v1/commands/x', headers });
    await app.inject({ url: '/secret-path', headers });
    const { body, headers: answered } = await app.inject({ url: '/metrics', headers });
    expect(answered['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const labels of [
      'method="GET",route="/v1/families/:id",status="200"',
      'method="POST",route="/v1/commands/:name",status="403"',
      'method="GET",route="none",status="404"',
    ]) {
      expect(body).toContain(`daybook_http_request_duration_seconds_count{${labels}} 1`);
    }
    expect(body).not.toContain('secret');
  });

  it('ask gauges at each scrape, and leave out one that cannot be read', async () => {
    const log = new CapturedLog();
    const metrics = new Metrics({ log, ofProcess: false });
    let depth = 3;
    let isReadable = true;
    metrics.gauge({ name: 'daybook_queue_depth', help: 'h', read: () => depth });
    metrics.gauge({
      name: 'daybook_projection_lag_events',
      help: 'h',
      labelNames: ['bucket'],
      read: () =>
        isReadable ? Promise.resolve([{ value: 7, labels: { bucket: '1' } }]) : Promise.reject(new Error('down')),
    });
    metrics.gauge({
      name: 'daybook_plain',
      help: 'h',
      read: () => {
        throw new Error('down');
      },
    });
    expect(await metrics.render()).toContain('daybook_queue_depth 3\n');
    depth = 4;
    const second = await metrics.render();
    expect(second).toContain('daybook_queue_depth 4\n');
    expect(second).toContain('daybook_projection_lag_events{bucket="1"} 7\n');
    expect(second).not.toMatch(/^daybook_plain /m);
    isReadable = false;
    expect(await metrics.render()).not.toMatch(/^daybook_projection_lag_events\{/m);
    expect(log.lines[0]).toMatchObject({ level: 'warn', facts: { metric: 'daybook_plain' } });
  });

  it('count and observe what callers name', async () => {
    const metrics = new Metrics({ log: new CapturedLog(), ofProcess: false, labels: { role: 'api' } });
    const refused = metrics.counter('daybook_refused_total', 'h', ['code']);
    refused({ code: 'FORBIDDEN' });
    refused({ code: 'FORBIDDEN' }, 2);
    metrics.histogram('daybook_append_seconds', 'h', [0.1, 1])(0.5);
    const text = await metrics.render();
    expect(text).toContain('daybook_refused_total{code="FORBIDDEN",role="api"} 3');
    expect(text).toContain('daybook_append_seconds_bucket{le="1",role="api"} 1');
  });

  it('say how the process is, event loop lag included', async () => {
    const metrics = new Metrics({ log: new CapturedLog(), ofProcess: true });
    const text = await metrics.render();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
  });
});
