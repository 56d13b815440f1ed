import { decodeMessage, encodeMessage, FlexError, flexFileExtension, flexMediaType } from '@flowpact/flex';
import type { Format } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import { resolveFormatsLimits } from '../formats-limits.ts';
import { lossesBetween } from '../model/loss-report.ts';
import { messageToTree } from '../model/message-json.ts';
import { sameMessage } from '../model/same-message.ts';

const title = 'FLEX';

/** FLEX itself, through `@flowpact/flex`: the only format that says the whole model in fields of its own. */
export const flexFormat: Format = {
  name: 'flex',
  title,
  mediaType: flexMediaType,
  fileExtension: flexFileExtension,

  encode(message) {
    const bytes = encodeMessage(message);
    const readBack = decodeMessage(bytes, unlimited);
    if (sameMessage(message, readBack)) return { bytes, losses: [], additional: [] };
    // What FLEX says in another form (`::1` for `0:0::1`, an empty flow table as none) is told all the same.
    const losses = lossesBetween(messageToTree(message), messageToTree(readBack), title);
    return { bytes, losses, additional: [] };
  },

  decode(bytes, limits) {
    const { maxBytes, maxNodes } = resolveFormatsLimits(limits);
    try {
      return { message: decodeMessage(bytes, { maxBytes, maxValues: maxNodes }), losses: [] };
    } catch (cause) {
      if (!(cause instanceof FlexError)) throw cause;
      const place = cause.path || (cause.offset === undefined ? '' : `octet ${cause.offset}`);
      throw new FormatsError(errorCode(cause), cause.message, { place, cause });
    }
  },

  decodeAll: (bytes, limits) => [flexFormat.decode(bytes, limits)],

  /** `[APPLICATION 0]`, constructed (X.690, 8.1.2). */
  recognises: (bytes) => bytes[0] === 0x60,
};

const unlimited = {
  maxBytes: Number.MAX_SAFE_INTEGER,
  maxGroups: Number.MAX_SAFE_INTEGER,
  maxRows: Number.MAX_SAFE_INTEGER,
  maxColumns: Number.MAX_SAFE_INTEGER,
  maxValues: Number.MAX_SAFE_INTEGER,
  maxItems: Number.MAX_SAFE_INTEGER,
};

function errorCode({ code }: FlexError): FormatsError['code'] {
  switch (code) {
    case 'FLEX_LIMIT':
      return 'FORMATS_LIMIT';
    case 'FLEX_MISSING':
      return 'FORMATS_MISSING';
    case 'FLEX_BAD_VALUE':
    case 'FLEX_UNSUPPORTED':
    case 'FLEX_INVALID':
      return 'FORMATS_BAD_VALUE';
    case 'FLEX_TRUNCATED':
    case 'FLEX_BAD_LENGTH':
    case 'FLEX_BAD_TAG':
    case 'FLEX_NOT_DER':
    case 'FLEX_TRAILING':
      return 'FORMATS_BAD_SYNTAX';
    default:
      return code satisfies never;
  }
}
