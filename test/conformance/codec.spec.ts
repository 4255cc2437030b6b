import fc from 'fast-check';
import { ReadReq, ReadResp, AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, DeleteReq } from '@eventstore/db-client/generated/streams_pb';
import { Empty, StreamIdentifier, UUID, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import { ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { appendConflicted, appendSucceeded, readAppendMessage } from '../../apps/eventstore/src/messages/append.js';
import {
  batchRefused,
  batchSucceeded,
  readBatchPiece,
  wrongExpectedVersionDetail,
} from '../../apps/eventstore/src/messages/batch-append.js';
import { deleted, readDelete } from '../../apps/eventstore/src/messages/delete.js';
import { clusterOfOne } from '../../apps/eventstore/src/messages/gossip.js';
import { readReadRequest } from '../../apps/eventstore/src/messages/read-request.js';
import { CAUGHT_UP, checkpoint, confirmation, streamNotFound } from '../../apps/eventstore/src/messages/read-response.js';
import { supportedMethods } from '../../apps/eventstore/src/messages/server-features.js';
import { frameIsAt, frameLength, writeEventFrame } from '../../apps/eventstore/src/storage/event-frame.js';
import { readFrame } from '../../apps/eventstore/src/storage/frame-reader.js';
import { FRAME_HEADER_BYTES } from '../../apps/eventstore/src/wire/frame.js';
import { MalformedMessageError } from '../../apps/eventstore/src/wire/protobuf.js';
import { RpcError } from '../../apps/eventstore/src/wire/status.js';

/** The hand-written codec against the classes the official client was generated with. */

const ID = '018f2f6e-7b1c-4a51-92d3-5a3c1a9f0b17';
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const name = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });

function unframed(message: Buffer): Uint8Array {
  expect(message.readUInt32BE(1)).toBe(message.length - FRAME_HEADER_BYTES);
  return new Uint8Array(message.subarray(FRAME_HEADER_BYTES));
}

function identifier(stream: string): StreamIdentifier {
  const result = new StreamIdentifier();
  result.setStreamName(Buffer.from(stream).toString('base64'));
  return result;
}

function uuid(id: string): UUID {
  const result = new UUID();
  result.setString(id);
  return result;
}

describe('the stored frame of an event', () => {
  it('is what the client decodes, for any names, sizes and positions', () => {
    const event = fc.record({
      stream: name,
      type: name,
      isJson: fc.boolean(),
      revision: fc.nat(),
      position: fc.maxSafeNat(),
      data: bytes,
      metadata: bytes,
    });
    fc.assert(
      fc.property(event, fc.nat({ max: 50 }), ({ stream, type, ...rest }, offset) => {
        const toRecord = { ...rest, id: ID, streamName: Buffer.from(stream), type: Buffer.from(type), created: 1_775_000_000_123 };
        const length = frameLength(toRecord);
        const target = Buffer.alloc(offset + length);
        const names = writeEventFrame(target, offset, toRecord);
        const stored = target.subarray(offset);

        const read = ReadResp.deserializeBinary(unframed(stored)).getEvent();
        const recorded = read?.getEvent();
        expect(read?.getCommitPosition()).toBe(String(rest.position));
        expect(recorded?.getId()?.getString()).toBe(ID);
        expect(Buffer.from(recorded?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe(stream);
        expect(recorded?.getStreamRevision()).toBe(String(rest.revision));
        expect([recorded?.getPreparePosition(), recorded?.getCommitPosition()]).toEqual([String(rest.position), String(rest.position)]);
        expect(Object.fromEntries(recorded?.getMetadataMap().toArray() ?? [])).toEqual({
          type,
          'content-type': rest.isJson ? 'application/json' : 'application/octet-stream',
          created: '17750000001230000',
        });
        expect(Buffer.from(recorded?.getData_asU8() ?? [])).toEqual(rest.data);
        expect(Buffer.from(recorded?.getCustomMetadata_asU8() ?? [])).toEqual(rest.metadata);

        const { position, revision, data, metadata } = rest;
        expect(readFrame(stored)).toEqual({ id: ID, stream, type, position, revision, data, metadata });
        expect([frameIsAt(stored, position), frameIsAt(stored, position + 1)]).toEqual([true, false]);
        expect(stored.subarray(names.streamNameAt, names.streamNameAt + Buffer.byteLength(stream)).toString()).toBe(stream);
        expect(stored.subarray(names.typeAt, names.typeAt + Buffer.byteLength(type)).toString()).toBe(type);
      }),
    );
  });

  it('gives a tombstone the largest revision there is', () => {
    const tombstone = { id: ID, streamName: Buffer.from('s'), type: Buffer.from('t'), isJson: true, revision: 'deleted' as const, position: 1, created: 0, data: Buffer.alloc(0), metadata: Buffer.alloc(0) };
    const target = Buffer.alloc(frameLength(tombstone));
    writeEventFrame(target, 0, tombstone);
    const recorded = ReadResp.deserializeBinary(unframed(target)).getEvent()?.getEvent();
    expect(recorded?.getStreamRevision()).toBe('9223372036854775807');
  });
});

describe('requests as the client writes them', () => {
  it('are read: an append with all four expectations', () => {
    const expectations: [(options: AppendReq.Options) => void, object][] = [
      [(options) => options.setRevision('12345678901'), { kind: 'exact', revision: 12_345_678_901 }],
      [(options) => options.setNoStream(new Empty()), { kind: 'no-stream' }],
      [(options) => options.setAny(new Empty()), { kind: 'any' }],
      [(options) => options.setStreamExists(new Empty()), { kind: 'stream-exists' }],
    ];
    for (const [set, expected] of expectations) {
      const options = new AppendReq.Options();
      options.setStreamIdentifier(identifier('käse-1'));
      set(options);
      const request = new AppendReq();
      request.setOptions(options);
      expect(readAppendMessage(Buffer.from(request.serializeBinary()))).toEqual({
        kind: 'options',
        target: { stream: 'käse-1', expected },
      });
    }
  });

  it('are read: the pieces of a batch append', () => {
    fc.assert(
      fc.property(name, bytes, bytes, fc.boolean(), (type, data, metadata, isFinal) => {
        const proposed = new BatchAppendReq.ProposedMessage();
        proposed.setId(uuid(ID.toUpperCase()));
        proposed.getMetadataMap().set('type', type).set('content-type', 'application/json').set('other', 'x');
        proposed.setData(data.toString('base64'));
        proposed.setCustomMetadata(metadata.toString('base64'));
        const options = new BatchAppendReq.Options();
        options.setStreamIdentifier(identifier('s-1'));
        options.setStreamPosition('0');
        const request = new BatchAppendReq();
        request.setCorrelationId(uuid(ID));
        request.setOptions(options);
        request.setProposedMessagesList([proposed, proposed]);
        request.setIsFinal(isFinal);
        const event = { id: ID, type, isJson: true, data, metadata };
        expect(readBatchPiece(Buffer.from(request.serializeBinary()))).toEqual({
          correlationId: ID,
          options: { stream: 's-1', expected: { kind: 'exact', revision: 0 }, deadline: undefined },
          events: [event, event],
          isFinal,
          problem: undefined,
        });
      }),
    );
  });

  it('are read: a filtered subscription to $all from a position', () => {
    const expression = new ReadReq.Options.FilterOptions.Expression();
    expression.setPrefixList(['ledger-', 'family-']);
    const filter = new ReadReq.Options.FilterOptions();
    filter.setStreamIdentifier(expression);
    filter.setMax(10);
    filter.setCheckpointintervalmultiplier(3);
    const position = new ReadReq.Options.Position();
    position.setCommitPosition('77');
    position.setPreparePosition('77');
    const all = new ReadReq.Options.AllOptions();
    all.setPosition(position);
    const options = new ReadReq.Options();
    options.setAll(all);
    options.setSubscription(new ReadReq.Options.SubscriptionOptions());
    options.setFilter(filter);
    const request = new ReadReq();
    request.setOptions(options);
    expect(readReadRequest(Buffer.from(request.serializeBinary()))).toEqual({
      source: { kind: 'all', from: 77 },
      backwards: false,
      maxCount: undefined,
      filter: { on: 'stream', prefixes: ['ledger-', 'family-'], regex: undefined, checkpointInterval: 30 },
    });
  });

  it('are read: a delete', () => {
    const options = new DeleteReq.Options();
    options.setStreamIdentifier(identifier('s-1'));
    options.setRevision('4');
    const request = new DeleteReq();
    request.setOptions(options);
    expect(readDelete(Buffer.from(request.serializeBinary()))).toEqual({
      stream: 's-1',
      expected: { kind: 'exact', revision: 4 },
    });
  });

  it('are refused or read, never anything else, when they are noise', () => {
    const readers = [readAppendMessage, readBatchPiece, readReadRequest, readDelete];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...readers), (noise, read) => {
        try {
          read(Buffer.from(noise));
        } catch (error) {
          expect(error instanceof RpcError || error instanceof MalformedMessageError).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('answers as the client reads them', () => {
  const target = { stream: 's-1', expected: { kind: 'exact' as const, revision: 4 } };

  it('say what an append wrote', () => {
    const success = AppendResp.deserializeBinary(unframed(appendSucceeded(7, 1234))).getSuccess();
    expect([success?.getCurrentRevision(), success?.getPosition()?.getCommitPosition()]).toEqual(['7', '1234']);
    const nothing = AppendResp.deserializeBinary(unframed(appendSucceeded(-1, undefined))).getSuccess();
    expect([nothing?.hasNoStream(), nothing?.hasNoPosition()]).toEqual([true, true]);
  });

  it('say what an append found instead', () => {
    const conflict = AppendResp.deserializeBinary(unframed(appendConflicted({ kind: 'stream-exists' }, -1)));
    expect(conflict.getWrongExpectedVersion()?.hasExpectedStreamExists()).toBe(true);
    expect(conflict.getWrongExpectedVersion()?.hasCurrentNoStream()).toBe(true);
  });

  it('tell the appends of a batch call apart', () => {
    const response = BatchAppendResp.deserializeBinary(unframed(batchSucceeded(ID, target, 5, 99)));
    expect(response.getCorrelationId()?.getString()).toBe(ID);
    expect(response.getSuccess()?.getCurrentRevision()).toBe('5');
    expect(response.getStreamPosition()).toBe('4');
  });

  it('carry the details of a refused batch in a known type', () => {
    const refusal = batchRefused(ID, target, wrongExpectedVersionDetail(target.expected, 9));
    const details = BatchAppendResp.deserializeBinary(unframed(refusal)).getError()?.getDetails();
    const unpacked = details?.unpack(WrongExpectedVersion.deserializeBinary, 'event_store.client.WrongExpectedVersion');
    expect([unpacked?.getCurrentStreamRevision(), unpacked?.getExpectedStreamPosition()]).toEqual(['9', '4']);
  });

  it('say everything else a read can say', () => {
    const read = (message: Buffer): ReadResp => ReadResp.deserializeBinary(unframed(message));
    expect(read(confirmation('abc')).getConfirmation()?.getSubscriptionId()).toBe('abc');
    expect(read(checkpoint(77)).getCheckpoint()?.getCommitPosition()).toBe('77');
    expect(read(CAUGHT_UP).hasCaughtUp()).toBe(true);
    const missing = read(streamNotFound('s-1')).getStreamNotFound()?.getStreamIdentifier()?.getStreamName_asU8();
    expect(Buffer.from(missing ?? []).toString()).toBe('s-1');
  });

  it('say where a delete is, who leads, and what is served', () => {
    const member = ClusterInfo.deserializeBinary(unframed(clusterOfOne({ instanceId: ID, host: '127.0.0.1', port: 2113, now: 5 }))).getMembersList()[0];
    expect([member?.getState(), member?.getIsAlive()]).toEqual([MemberInfo.VNodeState.LEADER, true]);
    expect([member?.getHttpEndPoint()?.getAddress(), member?.getHttpEndPoint()?.getPort()]).toEqual(['127.0.0.1', 2113]);
    const methods = SupportedMethods.deserializeBinary(unframed(supportedMethods(['/a.B/Read']))).getMethodsList();
    expect(methods.map((method) => [method.getServiceName(), method.getMethodName()])).toEqual([['a.b', 'read']]);
    expect(deleted(42)).toEqual(expect.any(Buffer));
  });
});
