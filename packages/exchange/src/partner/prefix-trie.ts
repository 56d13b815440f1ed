import type { IpPrefix } from '@flowpact/event';

interface Node<T> {
  readonly children: [Node<T> | undefined, Node<T> | undefined];
  entry?: PrefixEntry<T>;
}

export interface PrefixEntry<T> {
  readonly prefix: IpPrefix;
  readonly values: T[];
}

/** Networks of both families by their bits. Its size is that of what is inserted: at most 128 nodes a network. */
export class PrefixTrie<T> {
  readonly #ipv4: Node<T> = newNode();
  readonly #ipv6: Node<T> = newNode();

  insert(prefix: IpPrefix, value: T): void {
    let node = this.#root(prefix.octets);
    for (let bit = 0; bit < prefix.length; bit++) {
      const branch = bitOf(prefix.octets, bit);
      node.children[branch] ??= newNode();
      node = node.children[branch];
    }
    node.entry ??= { prefix, values: [] };
    node.entry.values.push(value);
  }

  /** The smallest inserted network that has all of this one in it. */
  longestMatch({ octets, length }: IpPrefix): PrefixEntry<T> | undefined {
    let node: Node<T> | undefined = this.#root(octets);
    let found = node.entry;
    for (let bit = 0; bit < length && node !== undefined; bit++) {
      node = node.children[bitOf(octets, bit)];
      found = node?.entry ?? found;
    }
    return found;
  }

  /** The inserted networks that are parts of this one, itself left out. */
  *within({ octets, length }: IpPrefix): Generator<PrefixEntry<T>> {
    let node: Node<T> | undefined = this.#root(octets);
    for (let bit = 0; bit < length && node !== undefined; bit++) node = node.children[bitOf(octets, bit)];
    const open = node?.children.filter((child) => child !== undefined) ?? [];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.entry !== undefined) yield next.entry;
      for (const child of next.children) if (child !== undefined) open.push(child);
    }
  }

  /** How many bits of the address lead towards an inserted network, until it is in one or passes by them all. */
  bitsTowards(octets: Uint8Array): { readonly bits: number; readonly isInside: boolean } {
    let node = this.#root(octets);
    for (let bits = 0; bits < 8 * octets.length; bits++) {
      if (node.entry !== undefined) return { bits, isInside: true };
      const next = node.children[bitOf(octets, bits)];
      if (next === undefined) return { bits: hasChild(node) ? bits + 1 : bits, isInside: false };
      node = next;
    }
    return { bits: 8 * octets.length, isInside: node.entry !== undefined };
  }

  #root(octets: Uint8Array): Node<T> {
    return octets.length === 4 ? this.#ipv4 : this.#ipv6;
  }
}

function newNode<T>(): Node<T> {
  return { children: [undefined, undefined] };
}

function hasChild<T>({ children }: Node<T>): boolean {
  return children[0] !== undefined || children[1] !== undefined;
}

function bitOf(octets: Uint8Array, bit: number): 0 | 1 {
  return ((octets[bit >> 3] >> (7 - (bit & 7))) & 1) as 0 | 1;
}
