import { firstVisibleRevision, oldestVisible } from '../read/visible-events.js';
import { NO_METADATA, parseStreamMetadata, reopenedMetadata, SOFT_DELETED_METADATA } from './stream-metadata.js';

describe('stream metadata', () => {
  it('limits a stream by count, by age and by revision', () => {
    const metadata = parseStreamMetadata('{"$maxCount":3,"$maxAge":60,"$tb":5,"mine":1}');
    expect(metadata).toEqual({ maxCount: 3, maxAgeSeconds: 60, truncateBefore: 5, softDeleted: false });
    expect(firstVisibleRevision(metadata, 7)).toBe(5);
    expect(firstVisibleRevision(metadata, 20)).toBe(17);
    expect(oldestVisible(metadata, 100_000)).toBe(40_000);
  });

  it.each(['', 'null', '[1]', '"x"', '{"$maxCount":', '{"$maxCount":"3","$tb":-1}', '{"$maxCount":0,"$maxAge":0}'])(
    'limits nothing when it is not what it should be: %s',
    (text) => {
      const metadata = parseStreamMetadata(text);
      expect(metadata).toEqual(NO_METADATA);
      expect(firstVisibleRevision(metadata, 9)).toBe(0);
      expect(oldestVisible(metadata, 100_000)).toBeUndefined();
    },
  );

  it('is soft-deleted only by the largest revision there is', () => {
    expect(parseStreamMetadata(SOFT_DELETED_METADATA).softDeleted).toBe(true);
    expect(parseStreamMetadata('{"$tb":9007199254740991}').softDeleted).toBe(false);
  });

  it('keeps everything else when a stream is opened again', () => {
    expect(JSON.parse(reopenedMetadata('{"$tb":9223372036854775807,"mine":1}', 4))).toEqual({ $tb: 4, mine: 1 });
  });
});
