import type { Message } from '@flowpact/event';
import type { DocumentMapping, ReadDocument } from '../document-format.ts';
import type { Loss } from '../format.ts';
import { type FormatsLimits, ownDocumentLimits } from '../formats-limits.ts';
import type { Addition } from '../model/addition.ts';
import { parseXml } from './parse-xml.ts';
import { asXmlText, writeXml } from './write-xml.ts';
import { elementsNamed, type XmlElement, type XmlNode } from './xml-element.ts';
import { documentsOfOneEvent, type XmlEventNames } from './xml-events.ts';

export interface XmlDocumentParts {
  /** The message in the format's own elements. */
  build(message: Message): XmlNode;
  /** The same document with additional data. */
  withAdditions(document: XmlNode, additions: readonly Addition[]): XmlNode;
  readonly names: XmlEventNames;
  /** @throws FormatsError */
  read(root: XmlElement, limits: FormatsLimits): ReadDocument;
}

/** A mapping to elements: what a document would say is read in the elements themselves, without their text. */
export function xmlMapping({ build, withAdditions, names, read }: XmlDocumentParts): DocumentMapping {
  return {
    write: (message, additions) => writeXml(withAdditions(build(message), additions)),
    read(bytes, limits) {
      const root = parseXml(bytes, limits);
      const document = read(root, limits);
      const others = elementsNamed(root, names.document).slice(1);
      return { ...document, losses: [...document.losses, ...others.map(furtherDocument)] };
    },
    readers: (bytes, limits) =>
      documentsOfOneEvent(parseXml(bytes, limits), names).map((document) => () => read(document, limits)),
    draft(message) {
      const document = build(message);
      return {
        tree: read(elementOf(document), ownDocumentLimits).tree,
        write: (additions) => writeXml(withAdditions(document, additions)),
      };
    },
  };
}

function furtherDocument({ name, line }: XmlElement): Loss {
  return { path: name, effect: 'dropped', note: `line ${line}: a further document` };
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
