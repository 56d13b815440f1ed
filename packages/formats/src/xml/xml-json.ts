import type { Json } from '../model/message-json.ts';

/** JSON text of characters that XML has (XML 1.0, section 2.2). */
export function xmlJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}
