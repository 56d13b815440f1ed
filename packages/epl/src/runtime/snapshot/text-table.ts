import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Characters that are put together at a time. */
const chunk = 4096;

/** The texts of a snapshot, each once. */
export class TextTable {
  private readonly numbers = new Map<string, number>();

  /** The number of the text. */
  numberOf(text: string): number {
    const { numbers } = this;
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(text, number);
    }
    return number;
  }

  /** All texts: a byte a character, or two where one needs them. Lone surrogates are kept. */
  write(into: ByteWriter): void {
    into.unsigned(this.numbers.size);
    for (const text of this.numbers.keys()) {
      const { length } = text;
      let all = 0;
      for (let i = 0; i < length; i++) all |= text.charCodeAt(i);
      const wide = all > 255;
      into.unsigned(length * 2 + Number(wide));
      for (let i = 0; i < length; i++) {
        const character = text.charCodeAt(i);
        into.byte(character & 255);
        if (wide) into.byte(character >> 8);
      }
    }
  }
}

export function readTexts(from: ByteReader): readonly string[] {
  const count = from.count();
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const head = from.unsigned();
    const wide = head % 2 === 1;
    const length = Math.floor(head / 2);
    const bytes = from.take(wide ? length * 2 : length);
    texts.push(wide ? wideText(bytes) : narrowText(bytes));
  }
  return texts;
}

function narrowText(bytes: Uint8Array): string {
  if (bytes.length <= chunk) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk) text += narrowText(bytes.subarray(at, at + chunk));
  return text;
}

function wideText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
  return text;
}
