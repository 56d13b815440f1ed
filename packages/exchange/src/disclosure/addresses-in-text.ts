import { isIPv4, isIPv6 } from 'node:net';
import { addressToOctets, type IpPrefix } from '@flowpact/event';

/** An IPv6 address has at most 45 characters, a port and brackets none that count here. */
const maxWordLength = 64;

/**
 * Whatever in a text reads as an address, with or without a port, also where it is written so that nobody can click on it
 * (`192[.]0[.]2[.]1`). In doubt it is more rather than less. Undefined: there is something that nobody can tell.
 */
export function addressesIn(text: string): readonly IpPrefix[] | undefined {
  const plain = text.replace(/[[({](\.|:|dot)[\])}]/gi, (_, mark: string) => (mark === ':' ? ':' : '.'));
  const found = new Set<string>();
  for (const [, word] of plain.matchAll(/(?<![0-9])(?=([0-9]{1,3}(?:\.[0-9]{1,3}){3}))/g)) {
    if (isIPv4(word)) found.add(word);
  }
  for (const [word] of plain.matchAll(/[0-9A-Fa-f:.]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*/g)) {
    if (word.length > maxWordLength) return undefined;
    for (const candidate of candidatesIn(word)) if (isIPv6(candidate)) found.add(candidate);
  }
  return [...found].map((address) => {
    const octets = addressToOctets(address);
    return { octets, length: 8 * octets.length };
  });
}

/** The word from each of its groups on, as it is, without a mark at its end, and without a port. */
function* candidatesIn(word: string): Generator<string> {
  for (let start = 0; start < word.length; start++) {
    if (start > 0 && word[start - 1] !== ':' && word[start - 1] !== '.') continue;
    const rest = word.slice(start);
    yield rest;
    yield rest.replace(/[.:]$/, '');
    yield rest.replace(/:[0-9]{1,5}[.:]?$/, '');
  }
}
