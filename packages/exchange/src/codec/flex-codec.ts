import { decodeMessage, encodeMessage, flexFileExtension, flexMediaType } from '@flowpact/flex';
import type { MessageCodec } from './message-codec.ts';

/** FLEX in DER, which says everything. */
export const flexCodec: MessageCodec = {
  language: 'flex',
  mediaType: flexMediaType,
  fileExtension: flexFileExtension,
  encode: (message) => encodeMessage(message),
  decode: (bytes) => decodeMessage(bytes),
};
