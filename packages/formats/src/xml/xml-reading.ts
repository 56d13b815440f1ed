import type { Loss } from '../format.ts';
import type { XmlElement } from './xml-element.ts';

/** Reads a document and remembers what of it was asked for: what was not, is lost. */
export class XmlReading {
  readonly #read = new Set<XmlElement>();
  readonly #attributes = new Map<XmlElement, Set<string>>();
  readonly #losses: Loss[] = [];

  children(parent: XmlElement | undefined, name: string): readonly XmlElement[] {
    const found = parent?.children.filter((child) => child.name === name) ?? [];
    for (const child of found) this.#read.add(child);
    return found;
  }

  /** The first one; those after it are reported as lost, unless somebody else asks for them. */
  child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
    const found = parent?.children.find((child) => child.name === name);
    if (found !== undefined) this.#read.add(found);
    return found;
  }

  /** The first one with this value of an attribute. */
  childWith(parent: XmlElement, name: string, attribute: string, value: string): XmlElement | undefined {
    const found = parent.children.find(
      (child) => child.name === name && child.attributes.get(attribute) === value,
    );
    if (found !== undefined) this.#read.add(found);
    return found;
  }

  /** Text without the space around it; undefined where the element is not there. */
  text(parent: XmlElement | undefined, name: string): string | undefined {
    return this.child(parent, name)?.text.trim();
  }

  attribute(element: XmlElement | undefined, name: string): string | undefined {
    if (element === undefined) return undefined;
    const asked = this.#attributes.get(element) ?? new Set();
    this.#attributes.set(element, asked.add(name));
    return element.attributes.get(name);
  }

  lose(path: string, effect: Loss['effect'], note: string): void {
    this.#losses.push({ path, effect, note });
  }

  /** What was said to be lost, then every outermost element and every attribute that nobody asked for. */
  losses(root: XmlElement): readonly Loss[] {
    this.#collect(root, root.name);
    return this.#losses;
  }

  #collect(element: XmlElement, path: string): void {
    for (const name of element.attributes.keys()) {
      if (!this.#attributes.get(element)?.has(name) && !name.startsWith('xml:')) {
        this.lose(`${path}/@${name}`, 'dropped', `line ${element.line}: not read`);
      }
    }
    for (const child of element.children) {
      if (this.#read.has(child)) this.#collect(child, `${path}/${child.name}`);
      else this.lose(`${path}/${child.name}`, 'dropped', `line ${child.line}: not read`);
    }
  }
}
