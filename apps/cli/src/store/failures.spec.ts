import { CopyDiffersError, CopyRefusedError, StoreUnavailableError } from '@daybook/eventsourcing';
import { DirectoryLockedError } from '@daybook/platform';
import { EventStoreStartError, ExitCode, NewerFormatError, UnreadableLogError } from '../../../eventstore/src/index.js';
import { exitCodeOf, PlaceError } from './failures.js';

describe('the exit code of a failure', () => {
  it.each([
    ['other content of a copy', new CopyDiffersError('x'), 2],
    ['a guard of a copy', new CopyRefusedError('x'), 3],
    ['a directory in use', new DirectoryLockedError('/d', 1), 3],
    ['a directory whose node is in use', new EventStoreStartError('x', ExitCode.DIRECTORY_LOCKED), 3],
    ['a damaged log that no node opens', new EventStoreStartError('x', ExitCode.DAMAGED_LOG), 5],
    ['a damaged event that a node refuses', new StoreUnavailableError('15 DATA_LOSS: /d/x.log is damaged in bytes 1 to 2'), 5],
    ['what cannot be read', new UnreadableLogError('x'), 6],
    ['a newer format', new NewerFormatError('/d/x.log', 2, 1), 6],
    ['a newer format that no node opens', new EventStoreStartError('x', ExitCode.NEWER_FORMAT), 6],
    ['words that mean nothing', new PlaceError('x'), 64],
    ['a server that does not answer', new StoreUnavailableError('x'), 1],
    ['a full disk', new EventStoreStartError('x', ExitCode.DISK_FULL), 1],
  ])('says %s', (_, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
