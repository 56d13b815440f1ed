/** An element to be written. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlNode | string)[];
}

/** Children and attributes that are undefined are left out, so that optional fields read well where they are written. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (XmlNode | string | undefined | readonly (XmlNode | undefined)[])[]
): XmlNode {
  const given: Record<string, string> = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) given[key] = value;
  const present = children.flat().filter((child) => child !== undefined);
  return { name, attributes: given, children: present as readonly (XmlNode | string)[] };
}

/** The document with more elements at the end of its only element. */
export function withinOnlyChild(document: XmlNode, elements: readonly XmlNode[]): XmlNode {
  const [event] = document.children;
  if (elements.length === 0 || typeof event === 'string') return document;
  return { ...document, children: [{ ...event, children: [...event.children, ...elements] }] };
}

/** An element that was read. Prefixes are resolved: names are local names. */
export interface XmlElement {
  readonly name: string;
  /** Empty where there is none. */
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Character data directly in it, CDATA sections among it. */
  readonly text: string;
  /** 1-based line where it begins. */
  readonly line: number;
}

/** The outermost elements of this name, the root itself or those within it: documents travel in envelopes too. */
export function elementsNamed(root: XmlElement, name: string): readonly XmlElement[] {
  return root.name === name ? [root] : root.children.flatMap((child) => elementsNamed(child, name));
}

/** The first of them. */
export function elementNamed(root: XmlElement, name: string): XmlElement | undefined {
  if (root.name === name) return root;
  for (const child of root.children) {
    const found = elementNamed(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
