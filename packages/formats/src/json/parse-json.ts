import { FormatsError } from '../formats-error.ts';
import { checkSize, type FormatsLimits } from '../formats-limits.ts';
import type { Json } from '../model/message-json.ts';

/**
 * JSON text (RFC 8259, UTF-8, a byte order mark is passed over) as a tree, bounded before it is built.
 * @throws FormatsError `FORMATS_BAD_ENCODING`, `FORMATS_BAD_SYNTAX` or `FORMATS_LIMIT`
 */
export function parseJson(bytes: Uint8Array, limits: FormatsLimits): Json {
  checkSize(bytes, limits);
  checkStructure(bytes, limits);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatsError('FORMATS_BAD_ENCODING', 'the JSON text is not UTF-8', { cause });
  }
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new FormatsError('FORMATS_BAD_SYNTAX', `not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** The same for JSON within another document. */
export function parseJsonText(text: string, limits: FormatsLimits): Json {
  return parseJson(new TextEncoder().encode(text), limits);
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts commas and brackets outside of strings. */
function checkStructure(bytes: Uint8Array, { maxNesting, maxNodes }: FormatsLimits): void {
  let nesting = 0;
  let nodes = 1;
  let isInString = false;
  for (let i = 0; i < bytes.length; i++) {
    const octet = bytes[i];
    if (isInString) {
      if (octet === backslash) i++;
      else if (octet === quote) isInString = false;
      continue;
    }
    switch (octet) {
      case quote:
        isInString = true;
        break;
      case 0x5b: // [
      case 0x7b: // {
        nodes++;
        if (++nesting > maxNesting) {
          throw new FormatsError(
            'FORMATS_LIMIT',
            `lists and objects nest deeper than maxNesting, ${maxNesting}`,
            {
              place: `octet ${i}`,
            },
          );
        }
        break;
      case 0x5d: // ]
      case 0x7d: // }
        nesting--;
        break;
      case 0x2c: // ,
        if (++nodes > maxNodes) {
          throw new FormatsError('FORMATS_LIMIT', `more values than maxNodes, ${maxNodes}`, {
            place: `octet ${i}`,
          });
        }
    }
  }
}
