import type { Message } from '@flowpact/event';
import { decodeFlexRecord, encodeFlexRecord } from './flex-codec.ts';
import type { FlexLimits } from './flex-limits.ts';
import type { FlexReading } from './flex-reading.ts';
import {
  defaultRelatedFlowColumns,
  onRelatedFlowColumns,
  withRelatedFlowColumns,
} from './listings/related-flow-columns.ts';
import { type ListingsLoss, restrictToListings } from './listings/restrict-to-listings.ts';
import { flexRecordFromMessage } from './mapping/message-to-record.ts';
import { messageFromFlexRecord } from './mapping/record-to-message.ts';

/**
 * DER of the FLEX record that says what a message says.
 * @throws FlexError `FLEX_INVALID`, with the path of the field in the record; none for a valid message.
 */
export function encodeMessage(message: Message): Uint8Array {
  return encodeFlexRecord(flexRecordFromMessage(message));
}

/**
 * The message in DER octets, valid as `parseMessage` of the event package has it. In the profile `listings` rows that
 * come without columns have those of `relatedFlowColumns`.
 * @throws FlexError as {@link decodeFlexRecord} and {@link messageFromFlexRecord} do.
 */
export function decodeMessage(
  bytes: Uint8Array,
  limits?: Partial<FlexLimits>,
  reading: Partial<FlexReading> & RelatedFlows = {},
): Message {
  const message = messageFromFlexRecord(decodeFlexRecord(bytes, limits, reading));
  if (reading.profile !== 'listings') return message;
  return withRelatedFlowColumns(message, reading.relatedFlowColumns ?? defaultRelatedFlowColumns);
}

/** How the rows of related flows are laid out for peers that know no other way than the listings'. */
export interface RelatedFlows {
  /** Information Elements, 1 to 32767, in the order of the values; default {@link defaultRelatedFlowColumns}. */
  readonly relatedFlowColumns?: readonly number[];
}

/**
 * The same for a peer that knows only the published listings: in their words, without additions, rows in the columns of
 * related flows. `losses` says by field of the record what it does not say therefore.
 * @throws FlexError `FLEX_UNSUPPORTED` for an event that the listings have no word near.
 */
export function encodeMessageForListings(
  message: Message,
  { relatedFlowColumns = defaultRelatedFlowColumns }: RelatedFlows = {},
): { readonly bytes: Uint8Array; readonly losses: readonly ListingsLoss[] } {
  const projected = onRelatedFlowColumns(message, relatedFlowColumns);
  const { record, losses } = restrictToListings(flexRecordFromMessage(projected.message));
  return { bytes: encodeFlexRecord(record), losses: [...losses, ...projected.losses] };
}
