import { decodeMessage, encodeMessage, flexFileExtension, flexMediaType } from '@flowpact/flex';
import type { MessageCodec } from './message-codec.ts';

/** FLEX in DER. */
export const flexCodec: MessageCodec = {
  language: 'flex',
  mediaType: flexMediaType,
  fileExtension: flexFileExtension,
  encode: encodeMessage,
  decode: (bytes) => decodeMessage(bytes),
};
