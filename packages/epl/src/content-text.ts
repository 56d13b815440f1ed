/**
 * Arrays, and the events in them, as text that is equal where their elements are: what tells apart by value may take it
 * in their place. Numbers are equal by value, as elsewhere in the engine.
 */
export function contentText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(contentText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([name, part]) => `${JSON.stringify(name)}:${contentText(part)}`,
    );
    return `{${entries.join(',')}}`;
  }
  return String(value ?? null);
}

/** A value that is told apart from others by itself, in the place of one that is not. */
export const keyOf = (value: unknown): unknown => (Array.isArray(value) ? contentText(value) : value);

/** The array that the text was made of; its elements are simple values, and arrays of these. */
export function arrayOfContent(text: string): unknown[] {
  const reader = new ContentReader(text);
  return reader.read() as unknown[];
}

class ContentReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): unknown {
    const first = this.text[this.at];
    if (first === '[') return this.readArray();
    return first === '"' ? this.readString() : this.readWord();
  }

  private readArray(): unknown[] {
    const elements: unknown[] = [];
    // Behind the bracket, and then behind each comma.
    do {
      this.at++;
      if (this.text[this.at] === ']') break;
      elements.push(this.read());
    } while (this.text[this.at] === ',');
    this.at++;
    return elements;
  }

  private readString(): string {
    const from = this.at++;
    for (; this.text[this.at] !== '"'; this.at++) if (this.text[this.at] === '\\') this.at++;
    this.at++;
    return JSON.parse(this.text.slice(from, this.at));
  }

  private readWord(): unknown {
    const from = this.at;
    while (this.at < this.text.length && this.text[this.at] !== ',' && this.text[this.at] !== ']') this.at++;
    const word = this.text.slice(from, this.at);
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    return word.endsWith('n') ? BigInt(word.slice(0, -1)) : Number(word);
  }
}
