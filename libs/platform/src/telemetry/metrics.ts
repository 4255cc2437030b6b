import type { Log } from '@daybook/kernel';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface MetricsOptions {
  readonly log: Log;
  /** Memory, CPU, garbage collection and event loop lag of the process; off in tests. */
  readonly ofProcess: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface GaugeOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  read(): number | readonly Sample[] | Promise<number | readonly Sample[]>;
}

/** From a cached read to a command that waits for a read model. */
const HTTP_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The figures of one process, in a registry of its own. Names start with `daybook_`, units are in the name. */
export class Metrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #log: Log;
  readonly #http: Histogram<'method' | 'route' | 'status'>;

  constructor(options: MetricsOptions) {
    this.#log = options.log;
    this.contentType = this.#registry.contentType;
    if (options.labels !== undefined) this.#registry.setDefaultLabels(options.labels);
    if (options.ofProcess) collectDefaultMetrics({ register: this.#registry });
    this.#http = new Histogram({
      name: 'daybook_http_request_duration_seconds',
      help: 'Time from the first byte read to the last byte written, by route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: HTTP_SECONDS,
      registers: [this.#registry],
    });
  }

  observeHttp(method: string, route: string, status: number, seconds: number): void {
    this.#http.observe({ method, route, status: String(status) }, seconds);
  }

  /** Asked at each scrape. One that throws is left out of the answer and logged: the others still count. */
  gauge(options: GaugeOptions): void {
    const { name, help, labelNames = [], read } = options;
    const log = this.#log;
    new Gauge<string>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      async collect() {
        this.reset();
        this.remove({});
        try {
          const samples = await read();
          if (typeof samples === 'number') this.set(samples);
          else for (const { labels, value } of samples) this.set({ ...labels }, value);
        } catch (error) {
          log.warn('A gauge could not be read', { metric: name, error });
        }
      },
    });
  }

  counter(name: string, help: string, labelNames: readonly string[] = []): (labels?: Record<string, string>, by?: number) => void {
    const counter = new Counter<string>({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
    return (labels = {}, by = 1) => counter.inc(labels, by);
  }

  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly string[] = [],
  ): (value: number, labels?: Record<string, string>) => void {
    const histogram = new Histogram<string>({
      name,
      help,
      buckets: [...buckets],
      labelNames: [...labelNames],
      registers: [this.#registry],
    });
    return (value, labels = {}) => histogram.observe(labels, value);
  }

  /** The text of `/metrics`. */
  render(): Promise<string> {
    return this.#registry.metrics();
  }
}
