import type { Json } from './message-json.ts';

/** JSON text of printable ASCII characters: everything else is an escape. */
export function asciiJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
