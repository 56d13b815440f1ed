/**
 * How far we believe a partner, and so what holds for it where its policy says nothing else:
 *
 * - `none`: it is told nothing, and nothing that it asks for is done. What it says is kept and shown.
 * - `low`: somebody with a working key, whose mistakes we want to be safe from. It is told what concerns its own
 *   address space, as little as helps it to act, and may ask people for things: to confirm, to stop, to notify.
 * - `medium`: a network we know. It sees the evidence, with our addresses shortened, may ask for flows that concern it
 *   and for a rate limit.
 * - `high`: a network with which there is an agreement. It sees everything that TLP allows, and may ask for everything
 *   that protects its own address space.
 */
export const trustLevels = ['none', 'low', 'medium', 'high'] as const;
export type TrustLevel = (typeof trustLevels)[number];
