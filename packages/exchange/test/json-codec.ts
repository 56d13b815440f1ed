import { messageFromJson, stringifyEvent } from '@flowpact/event';
import type { MessageCodec } from '../src/index.ts';

/** A language of the tests' own, so that what they find wrong is not FLEX's fault. */
export const jsonCodec: MessageCodec = {
  language: 'json',
  mediaType: 'application/json',
  fileExtension: '.json',
  encode: (message) => Buffer.from(stringifyEvent(message)),
  decode: (bytes) => messageFromJson(Buffer.from(bytes).toString('utf8')),
};
