/** The metadata of a stream is the newest event of its metadata stream. Only what limits reading is looked at. */
export interface StreamMetadata {
  readonly maxCount: number | undefined;
  readonly maxAgeSeconds: number | undefined;
  readonly truncateBefore: number | undefined;
  readonly softDeleted: boolean;
}

export const NO_METADATA: StreamMetadata = {
  maxCount: undefined,
  maxAgeSeconds: undefined,
  truncateBefore: undefined,
  softDeleted: false,
};

/** Of a metadata stream itself only the newest event counts. */
export const METASTREAM_METADATA: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';

/** Truncate before the largest revision there is: deleted, until somebody appends again. */
const SOFT_DELETED_TEXT = '9223372036854775807';
const SOFT_DELETED_BEFORE = Number(SOFT_DELETED_TEXT);

export const SOFT_DELETED_METADATA = `{"$tb":${SOFT_DELETED_TEXT}}`;

export function isMetastream(stream: string): boolean {
  return stream.startsWith('$$');
}

export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

export function originalStreamOf(metastream: string): string {
  return metastream.slice(2);
}

/** What is not an object of the known shape limits nothing. */
export function parseStreamMetadata(data: string): StreamMetadata {
  const parsed = parseObject(data);
  if (!parsed) return NO_METADATA;
  const truncateBefore = integerFrom(0, parsed['$tb']);
  return {
    maxCount: integerFrom(1, parsed['$maxCount']),
    maxAgeSeconds: integerFrom(1, parsed['$maxAge']),
    truncateBefore,
    softDeleted: truncateBefore === SOFT_DELETED_BEFORE,
  };
}

/** The same metadata with the stream open again from a revision on. */
export function reopenedMetadata(data: string, firstRevision: number): string {
  return JSON.stringify({ ...parseObject(data), $tb: firstRevision });
}

function parseObject(data: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function integerFrom(least: number, value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= least ? Math.trunc(value) : undefined;
}
