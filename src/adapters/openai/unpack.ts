import { pipeline, type Readable, Transform } from 'node:stream';
import { constants, createBrotliDecompress, createUnzip } from 'node:zlib';
import { UnknownPacking } from './failure.ts';

/** What a body may come to, in bytes: more than any reader of ours takes, so it is theirs to say that it is too long. */
const MOST_UNPACKED_IN_BYTES = 134_217_728;

/**
 * The body as it was before the server packed it. Errors of either end are this body's, and whoever destroys it destroys
 * the packed one. What breaks off without an error of the connection ends there, as with fetch: its reader sees that.
 * @param coding what the header `content-encoding` says; the body fails with UnknownPacking where that is none we know.
 */
export function unpacked(body: Readable, coding: string): Readable {
  // Errors are heard by who reads; here nothing is left to do.
  return pipeline(body, unpacking(coding), atMost(MOST_UNPACKED_IN_BYTES), () => {});
}

function unpacking(coding: string): Transform {
  switch (coding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip({ finishFlush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return new Transform({ construct: (done) => done(new UnknownPacking(coding)) });
  }
}

function atMost(mostInBytes: number): Transform {
  let inBytes = 0;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      inBytes += bytes.length;
      if (inBytes > mostInBytes) done(new RangeError('An answer that is too large unpacked.'));
      else done(null, bytes);
    },
  });
}
