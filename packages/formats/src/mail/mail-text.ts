import { asText } from '../model/values.ts';

/**
 * The text of a part, its lines ending in line feeds; where these are not what
 * the part says, or nobody knows it, as if they were ISO-8859-1.
 */
export function textOf(content: Uint8Array, charset: string | undefined): string {
  return asText(decoded(content, charset).replace(/\r\n/g, '\n'));
}

function decoded(content: Uint8Array, charset: string | undefined): string {
  const label = charset === undefined || /^us-ascii$/i.test(charset) ? 'utf-8' : charset;
  try {
    return new TextDecoder(label, { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('windows-1252').decode(content);
  }
}

/** The octets of a text part: UTF-8, lines ending in CRLF. */
export function textContent(text: string): Uint8Array {
  return new TextEncoder().encode(text.replace(/\r?\n/g, '\r\n'));
}

/** Text for one line: control characters, line ends among them, become spaces. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
