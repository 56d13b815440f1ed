/**
 * XXH64 with seed 0 (RFC 8878 section 3.1.1 names it for content checksums of zstd; the algorithm is that of the
 * xxHash specification). The stripes go through 32-bit halves, since BigInt is thirty times slower; what is left at
 * the end is a few steps, for which BigInt reads better.
 */
export interface XxHash64 {
  update(octets: Uint8Array): void;
  /** The lower 32 bits of the hash of all that came, which is what zstd keeps. */
  low32(): number;
}

const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;

/** Octets that the four accumulators take in one step. */
const stripeLength = 32;

const prime1Low = 0x85ebca87 | 0;
const prime1High = 0x9e3779b1 | 0;
const prime2Low = 0x27d4eb4f | 0;
const prime2High = 0xc2b2ae3d | 0;

/** The upper 32 bits of a product of unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return (aHigh * bHigh + (middle >>> 16) + ((aLow * bHigh + (middle & 0xffff)) >>> 16)) | 0;
}

/** One accumulator, whose halves are `state[at]` (lower) and `state[at + 1]`, takes 8 octets. */
function addLane(state: Int32Array, at: number, octets: Uint8Array, from: number): void {
  const low = readLittleEndian(octets, from);
  const product = Math.imul(low, prime2Low);
  const productHigh =
    multiplyHigh(low, prime2Low) +
    Math.imul(low, prime2High) +
    Math.imul(readLittleEndian(octets, from + 4), prime2Low);
  const sum = (product >>> 0) + (state[at] >>> 0);
  const sumHigh = (state[at + 1] + productHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
  const sumLow = sum | 0;
  const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
  const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
  state[at] = Math.imul(turnedLow, prime1Low);
  state[at + 1] =
    multiplyHigh(turnedLow, prime1Low) + Math.imul(turnedLow, prime1High) + Math.imul(turnedHigh, prime1Low);
}

const readLittleEndian = (octets: Uint8Array, at: number) =>
  octets[at] | (octets[at + 1] << 8) | (octets[at + 2] << 16) | (octets[at + 3] << 24);

const u64 = (value: bigint) => BigInt.asUintN(64, value);
const rotate = (value: bigint, bits: bigint) => u64((value << bits) | (value >> (64n - bits)));
const lane = (accumulator: bigint, input: bigint) =>
  u64(rotate(u64(accumulator + input * prime2), 31n) * prime1);

export function createXxHash64(): XxHash64 {
  const state = new Int32Array(8);
  for (const [i, value] of [prime1 + prime2, prime2, 0n, -prime1].entries()) {
    state[2 * i] = Number(BigInt.asIntN(32, value));
    state[2 * i + 1] = Number(BigInt.asIntN(32, value >> 32n));
  }
  const rest = new Uint8Array(stripeLength);
  let restLength = 0;
  let total = 0;

  function addStripe(octets: Uint8Array, at: number): void {
    addLane(state, 0, octets, at);
    addLane(state, 2, octets, at + 8);
    addLane(state, 4, octets, at + 16);
    addLane(state, 6, octets, at + 24);
  }

  return {
    update(octets) {
      total += octets.length;
      let at = 0;
      if (restLength > 0) {
        at = Math.min(stripeLength - restLength, octets.length);
        rest.set(octets.subarray(0, at), restLength);
        restLength += at;
        if (restLength < stripeLength) return;
        addStripe(rest, 0);
      }
      for (; at + stripeLength <= octets.length; at += stripeLength) addStripe(octets, at);
      rest.set(octets.subarray(at));
      restLength = octets.length - at;
    },
    low32() {
      const accumulators = [0, 2, 4, 6].map(
        (at) => (BigInt(state[at + 1] >>> 0) << 32n) | BigInt(state[at] >>> 0),
      );
      let hash = prime5;
      if (total >= stripeLength) {
        const turns = [1n, 7n, 12n, 18n];
        hash = u64(accumulators.reduce((sum, value, i) => sum + rotate(value, turns[i]), 0n));
        for (const value of accumulators) hash = u64((hash ^ lane(0n, value)) * prime1 + prime4);
      }
      hash = u64(hash + BigInt(total));
      const view = new DataView(rest.buffer);
      let at = 0;
      for (; at + 8 <= restLength; at += 8) {
        hash = u64(rotate(hash ^ lane(0n, view.getBigUint64(at, true)), 27n) * prime1 + prime4);
      }
      if (at + 4 <= restLength) {
        hash = u64(rotate(hash ^ u64(BigInt(view.getUint32(at, true)) * prime1), 23n) * prime2 + prime3);
        at += 4;
      }
      for (; at < restLength; at++) hash = u64(rotate(hash ^ u64(BigInt(rest[at]) * prime5), 11n) * prime1);
      hash = u64((hash ^ (hash >> 33n)) * prime2);
      hash = u64((hash ^ (hash >> 29n)) * prime3);
      return Number((hash ^ (hash >> 32n)) & 0xffffffffn);
    },
  };
}
