import type { MessageKind } from '@flowpact/event';
import { type FormatName, findFormat } from '@flowpact/formats';
import type { MessageCodec } from './message-codec.ts';

/**
 * What each format has a place for. Read as additional data alone, a request would pass for an alert, and a feedback for
 * news of a second attack: where the reader need not be a Flowpact, a format says only what its own words say. (IODEF:
 * `purpose="mitigation"`, RFC 7970, section 3.2.)
 */
const kindsOf: Readonly<Record<FormatName, readonly MessageKind[]>> = {
  flex: ['alert', 'request', 'feedback'],
  'flex-mail': ['alert', 'request', 'feedback'],
  iodef1: ['alert', 'request'],
  iodef2: ['alert', 'request'],
  idmef: ['alert'],
  idea: ['alert'],
  stix: ['alert'],
  misp: ['alert'],
  json: ['alert'],
  arf: ['alert'],
  xarf: ['alert'],
  'xarf-0.1': ['alert'],
  'xarf-bulk': ['alert'],
  xarf4: ['alert'],
  'xarf4-mail': ['alert'],
};

/**
 * A format of `@flowpact/formats` as a language. A document of several events is refused, since each message is answered
 * on its own; so is one that names no sender (`json`), which can be written only.
 * @throws FormatsError `FORMATS_UNKNOWN`, naming the formats that there are.
 */
export function formatCodec(name: FormatName): MessageCodec {
  const format = findFormat(name);
  return {
    language: name,
    mediaType: format.mediaType.split(';', 1)[0]!,
    fileExtension: format.fileExtension,
    kinds: kindsOf[name],
    recognises: (bytes) => format.recognises(bytes),
    encode(message, onLosses) {
      const { bytes, losses, additional } = format.encode(message);
      if (losses.length > 0 || additional.length > 0) onLosses?.({ losses, additional });
      return bytes;
    },
    decode(bytes) {
      const [first, ...others] = format.decodeAll(bytes);
      if (others.length > 0) {
        throw new Error(`${others.length + 1} events in one document; send each in one of its own`);
      }
      if (first === undefined || 'error' in first) throw first?.error ?? new Error('no event in it');
      return first.message;
    },
  };
}
