import { ProtoReader } from '../wire/protobuf.js';
import { invalidArgument } from '../wire/status.js';
import { readStreamIdentifier } from './shared.js';

/** Where a read begins: an end of the log or stream, or a revision or position the node has issued. */
export type ReadFrom = 'start' | 'end' | number;

export type ReadSource =
  | { readonly kind: 'stream'; readonly stream: string; readonly from: ReadFrom }
  | { readonly kind: 'all'; readonly from: ReadFrom };

export interface ReadFilter {
  readonly on: 'stream' | 'type';
  readonly prefixes: readonly string[];
  readonly regex: string | undefined;
  /** Considered events between two checkpoints, already multiplied. */
  readonly checkpointInterval: number;
}

export interface ReadRequest {
  readonly source: ReadSource;
  readonly backwards: boolean;
  /** Missing for a subscription. */
  readonly maxCount: number | undefined;
  readonly filter: ReadFilter | undefined;
}

const DEFAULT_SEARCH_WINDOW = 32;

/** ReadReq: everything is in field 1, its options. */
export function readReadRequest(message: Buffer): ReadRequest {
  const reader = new ProtoReader(message);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) return readOptions(reader.message());
    reader.skip();
  }
  throw invalidArgument('the read options are missing');
}

function readOptions(reader: ProtoReader): ReadRequest {
  let source: ReadSource | undefined;
  let backwards = false;
  let maxCount: number | undefined;
  let subscription = false;
  let filter: ReadFilter | undefined;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    switch (field) {
      case 1:
        source = readStreamOptions(reader.message());
        break;
      case 2:
        source = { kind: 'all', from: readAllOptions(reader.message()) };
        break;
      case 3:
        backwards = reader.uint() === 1;
        break;
      case 5:
        maxCount = reader.uint();
        break;
      case 6:
        reader.skip();
        subscription = true;
        break;
      case 7:
        filter = readFilter(reader.message());
        break;
      case 9:
        refuseStructuredUuids(reader.message());
        break;
      default:
        reader.skip();
    }
  }
  if (!source) throw invalidArgument('a read names neither a stream nor $all');
  if (!subscription && maxCount === undefined) throw invalidArgument('a read has neither a count nor a subscription');
  if (subscription && backwards) throw invalidArgument('a subscription reads forwards');
  if (filter && source.kind === 'stream') throw invalidArgument('only $all can be filtered');
  return { source, backwards, maxCount: subscription ? undefined : maxCount, filter };
}

function readStreamOptions(reader: ProtoReader): ReadSource {
  let stream: string | undefined;
  let from: ReadFrom = 'start';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) {
      stream = readStreamIdentifier(reader.message());
    } else if (field === 2) {
      from = reader.uint();
    } else {
      if (field === 3) from = 'start';
      else if (field === 4) from = 'end';
      reader.skip();
    }
  }
  if (stream === undefined) throw invalidArgument('the stream name is missing');
  return { kind: 'stream', stream, from };
}

function readAllOptions(reader: ProtoReader): ReadFrom {
  let from: ReadFrom = 'start';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) {
      from = readCommitPosition(reader.message());
    } else {
      if (field === 2) from = 'start';
      else if (field === 3) from = 'end';
      reader.skip();
    }
  }
  return from;
}

/** This node issues one number twice: commit and prepare position are the offset of the event's record. */
function readCommitPosition(reader: ProtoReader): number {
  let commit = 0;
  let prepare = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) commit = reader.uint();
    else if (field === 2) prepare = reader.uint();
    else reader.skip();
  }
  if (commit !== prepare) throw invalidArgument('commit and prepare position differ: this log has not issued them');
  return commit;
}

function readFilter(reader: ProtoReader): ReadFilter {
  let on: ReadFilter['on'] | undefined;
  let expression: Pick<ReadFilter, 'prefixes' | 'regex'> | undefined;
  let searchWindow = DEFAULT_SEARCH_WINDOW;
  let intervalMultiplier = 1;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1 || field === 2) {
      on = field === 1 ? 'stream' : 'type';
      expression = readExpression(reader.message());
    } else if (field === 3) {
      searchWindow = reader.uint();
    } else if (field === 5) {
      intervalMultiplier = reader.uint();
    } else {
      reader.skip();
    }
  }
  if (!on || !expression) throw invalidArgument('a filter says neither stream names nor event types');
  const checkpointInterval = Math.max(1, searchWindow) * Math.max(1, intervalMultiplier);
  return { on, ...expression, checkpointInterval };
}

function readExpression(reader: ProtoReader): Pick<ReadFilter, 'prefixes' | 'regex'> {
  const prefixes: string[] = [];
  let regex: string | undefined;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) regex = reader.string();
    else if (field === 2) prefixes.push(reader.string());
    else reader.skip();
  }
  return { prefixes, regex: regex === '' ? undefined : regex };
}

function refuseStructuredUuids(reader: ProtoReader): void {
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) throw invalidArgument('structured UUIDs are not supported, ask for strings');
    reader.skip();
  }
}
