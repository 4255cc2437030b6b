import fs from 'node:fs';

/** A call that changes files, as disk-recorder.ts writes it down. Behind a write come its bytes. */
export type DiskCall =
  | { readonly call: 'create'; readonly file: string; readonly length: 0 }
  | { readonly call: 'write'; readonly file: string; readonly offset: number; readonly length: number }
  | { readonly call: 'truncate'; readonly file: string; readonly length: number }
  | { readonly call: 'sync-begun'; readonly file: string }
  | { readonly call: 'synced'; readonly file: string }
  | { readonly call: 'rename'; readonly file: string; readonly to: string }
  | { readonly call: 'remove'; readonly file: string };

export interface RecordedCall {
  readonly call: DiskCall;
  readonly bytes: Buffer;
}

export function readDiskCalls(file: string): RecordedCall[] {
  const recording = fs.readFileSync(file);
  const calls: RecordedCall[] = [];
  for (let at = 0; at < recording.length; ) {
    const end = recording.indexOf(0x0a, at);
    const call = JSON.parse(recording.toString('utf8', at, end)) as DiskCall;
    const length = call.call === 'write' ? call.length : 0;
    calls.push({ call, bytes: recording.subarray(end + 1, end + 1 + length) });
    at = end + 1 + length;
  }
  return calls;
}
