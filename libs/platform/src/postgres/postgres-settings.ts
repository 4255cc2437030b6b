/** `throwaway` is for tests and benchmarks: twice the commits, and nothing survives a power cut. */
export type Durability = 'durable' | 'throwaway';

/**
 * Settings of a server that shares a small machine with the rest of Daybook. Everything is passed on the command line:
 * what runs is what is written here, whatever an older version left in postgresql.conf.
 */
export function postgresSettings(durability: Durability): Readonly<Record<string, string>> {
  return {
    shared_buffers: '64MB',
    max_connections: '60',
    effective_cache_size: '512MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    max_wal_size: '512MB',
    min_wal_size: '64MB',
    checkpoint_timeout: '10min',
    // One server, no replicas: a table filled in the transaction that made it needs no log (rebuilds do this).
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    // Idle helper processes cost memory and save nothing on a machine of this size.
    io_method: 'sync',
    max_worker_processes: '4',
    max_parallel_workers_per_gather: '0',
    autovacuum_max_workers: '2',
    // Every query is short; compiling one costs more than running it.
    jit: 'off',
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    ...(durability === 'throwaway' ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
}
