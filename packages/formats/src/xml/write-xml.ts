import type { XmlNode } from './xml-element.ts';

/** The document in UTF-8. Characters that XML 1.0 does not have (section 2.2) become U+FFFD. */
export function writeXml(root: XmlNode): Uint8Array {
  const parts: string[] = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  write(root, '', parts);
  return new TextEncoder().encode(parts.join(''));
}

/** Elements with text are written in one line: space in them would count. */
function write({ name, attributes, children }: XmlNode, indent: string, parts: string[]): void {
  parts.push(indent, '<', name);
  for (const [key, value] of Object.entries(attributes))
    parts.push(' ', key, '="', escapedAttribute(value), '"');
  if (children.length === 0) {
    parts.push('/>\n');
    return;
  }
  const hasText = children.some((child) => typeof child === 'string');
  parts.push(hasText ? '>' : '>\n');
  for (const child of children) {
    if (typeof child === 'string') parts.push(escaped(child));
    else write(child, `${indent} `, parts);
  }
  parts.push(hasText ? '' : indent, '</', name, '>\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** A carriage return as reference, else it would be read as a line feed (section 2.11). */
function escaped(text: string): string {
  return asXmlText(text).replace(/[<>&\r]/g, reference);
}

/** Tabs and line ends too: as themselves they would be read as spaces (section 3.3.3). */
function escapedAttribute(text: string): string {
  return asXmlText(text).replace(/[<>&"\t\n\r]/g, reference);
}

const names: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

function reference(character: string): string {
  return names[character] ?? `&#${character.charCodeAt(0)};`;
}

/** The text with U+FFFD for the characters that XML does not have. */
export function asXmlText(text: string): string {
  return text.replace(notXml, '\ufffd');
}

/** Whether the text comes back as it is. */
export function isXmlText(text: string): boolean {
  return text.search(notXml) < 0;
}
