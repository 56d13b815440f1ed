import type { Message } from '@flowpact/event';
import type { DocumentMapping, ReadDocument } from '../document-format.ts';
import { type FormatsLimits, ownDocumentLimits } from '../formats-limits.ts';
import type { Addition } from '../model/addition.ts';
import { parseXml } from './parse-xml.ts';
import { asXmlText, writeXml } from './write-xml.ts';
import type { XmlElement, XmlNode } from './xml-element.ts';

/** A mapping to elements: what a document would say is read in the elements themselves, without their text. */
export function xmlMapping(
  build: (message: Message, additions: readonly Addition[]) => XmlNode,
  read: (root: XmlElement, limits: FormatsLimits) => ReadDocument,
): DocumentMapping {
  return {
    write: (message, additions) => writeXml(build(message, additions)),
    read: (bytes, limits) => read(parseXml(bytes, limits), limits),
    said: (message) => read(elementOf(build(message, [])), ownDocumentLimits).tree,
  };
}

/** The element that would be read where this one is written; but for the space between elements, which says nothing. */
export function elementOf({ name, attributes, children }: XmlNode, outerNamespace = ''): XmlElement {
  const namespace = attributes.xmlns ?? outerNamespace;
  const given = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    if (key !== 'xmlns') given.set(key, asXmlText(value));
  }
  const elements: XmlElement[] = [];
  let text = '';
  for (const child of children) {
    if (typeof child === 'string') text += asXmlText(child);
    else elements.push(elementOf(child, namespace));
  }
  return { name, namespace, attributes: given, children: elements, text, line: 0 };
}
