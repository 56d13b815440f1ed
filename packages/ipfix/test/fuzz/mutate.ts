import type { Random } from './random.ts';

/** Numbers at which lengths, counts and ids go wrong. */
const edges = [0, 1, 2, 3, 4, 5, 15, 16, 17, 127, 128, 254, 255, 256, 257, 4095, 32767, 32768, 65534, 65535];

type Mutation = (octets: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const flipBit: Mutation = (octets, random) => {
  if (octets.length > 0) octets[random.below(octets.length)] ^= 1 << random.below(8);
  return octets;
};

const setOctet: Mutation = (octets, random) => {
  if (octets.length > 0)
    octets[random.below(octets.length)] = random.pick([0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff]);
  return octets;
};

const setUint16: Mutation = (octets, random) => {
  if (octets.length < 2) return octets;
  // Everything in a message that has a meaning is aligned to octets, most of it to pairs of them.
  const at = random.below(octets.length - 1);
  const value = random.pick(edges);
  octets[at] = value >> 8;
  octets[at + 1] = value;
  return octets;
};

const cut: Mutation = (octets, random) => octets.slice(0, random.below(octets.length + 1));

const remove: Mutation = (octets, random) => {
  const at = random.below(octets.length + 1);
  return joined(octets.subarray(0, at), octets.subarray(at + 1 + random.below(8)));
};

const insert: Mutation = (octets, random) => {
  const at = random.below(octets.length + 1);
  const added = Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
  return joined(octets.subarray(0, at), added, octets.subarray(at));
};

const splice: Mutation = (octets, random, other) => {
  const tail = other.subarray(random.below(other.length + 1));
  return joined(octets.subarray(0, random.below(octets.length + 1)), tail).subarray(0, 65535);
};

/** Millions of messages are mutated, so that this has to be cheap. */
function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Makes the length of the header right again, so that what follows is looked at. */
const repairLength: Mutation = (octets) => {
  if (octets.length < 4) return octets;
  octets[2] = octets.length >> 8;
  octets[3] = octets.length;
  return octets;
};

const mutations: readonly Mutation[] = [flipBit, setOctet, setUint16, setUint16, cut, remove, insert, splice];

/** A copy of a message with one to six faults; `other` lends octets. */
export function mutate(message: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let octets: Uint8Array = message.slice();
  for (let i = 1 + random.below(6); i > 0; i--) octets = random.pick(mutations)(octets, random, other);
  return random.below(4) > 0 ? repairLength(octets, random, other) : octets;
}
