import { elementsNamed, type XmlElement } from './xml-element.ts';

/** The names of a document and of an event in it. */
export interface XmlEventNames {
  readonly document: string;
  readonly event: string;
}

/**
 * A document for each event: all of those within the root, with one event each. What is beside the events stays with the
 * first of its document. The root itself where nothing in it is such a document.
 */
export function documentsOfOneEvent(
  root: XmlElement,
  { document, event }: XmlEventNames,
): readonly XmlElement[] {
  const documents = elementsNamed(root, document).flatMap((found) => {
    const events = found.children.filter(({ name }) => name === event);
    if (events.length < 2) return [found];
    const others = new Set(events.slice(1));
    const first = found.children.filter((child) => !others.has(child));
    return [first, ...events.slice(1).map((one) => [one])].map((children) => ({ ...found, children }));
  });
  return documents.length === 0 ? [root] : documents;
}
