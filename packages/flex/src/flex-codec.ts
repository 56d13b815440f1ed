import { derFromBer } from './ber/der-from-ber.ts';
import { DerReader } from './der/der-reader.ts';
import { DerWriter } from './der/der-writer.ts';
import { FlexError } from './flex-error.ts';
import { type FlexLimits, resolveFlexLimits } from './flex-limits.ts';
import { defaultFlexReading, type FlexReading } from './flex-reading.ts';
import { flexTaggingOf } from './flex-tagging.ts';
import { checkListings } from './listings/restrict-to-listings.ts';
import { type FlexRecord, flexRecordCodec } from './module/flex-record.ts';

/** Enough for a record of 3,000 flows of 15 columns; a larger one grows its own. */
const scratchOctets = 256 * 1024;

/** Kept from one call to the next, since allocating it costs more than encoding a small record. */
let scratch: Uint8Array | undefined;

/**
 * DER of a record.
 * @throws FlexError `FLEX_INVALID`, with the path of the field, for a value outside the module's constraints.
 */
export function encodeFlexRecord(record: FlexRecord): Uint8Array {
  const buffer = scratch ?? new Uint8Array(scratchOctets);
  // Taken while in use: a getter in the record may encode another.
  scratch = undefined;
  const writer = new DerWriter(buffer);
  flexRecordCodec.write(writer, record);
  scratch = buffer;
  return writer.result();
}

/**
 * The record in DER octets. Nothing of it refers to `bytes` afterwards. What decodes encodes to the same octets, unless
 * `reading` lets in other forms: pass on the octets that came, where they must stay.
 * @throws FlexError for anything but one whole FLEXRecord in that form within the limits, with offset and path.
 */
export function decodeFlexRecord(
  bytes: Uint8Array,
  limits?: Partial<FlexLimits>,
  reading: Partial<FlexReading> = {},
): FlexRecord {
  if (!(bytes instanceof Uint8Array))
    throw new FlexError('FLEX_INVALID', 'the octets of a record are a Uint8Array');
  const resolved = resolveFlexLimits(limits);
  const { encoding, tagging, profile } = { ...defaultFlexReading, ...reading };
  if (bytes.length > resolved.maxBytes) {
    new DerReader(bytes, resolved).fail(
      'FLEX_LIMIT',
      `record of ${bytes.length} octets, maxBytes = ${resolved.maxBytes}`,
    );
  }
  const der = encoding === 'ber' ? derFromBer(bytes, resolved) : bytes;
  const found = flexTaggingOf(der);
  const reader = new DerReader(der, resolved, tagging === 'either' ? found : 'explicit');
  if (tagging === 'explicit' && found === 'implicit') {
    reader.fail('FLEX_BAD_TAG', 'the tags are implicit: explicit ones are asked for');
  }
  const record = flexRecordCodec.read(reader);
  reader.leave(der.length);
  if (profile === 'listings') checkListings(record);
  return record;
}
