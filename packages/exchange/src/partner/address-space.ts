import { EventError, type IpPrefix, parseIpPrefix } from '@flowpact/event';
import { ExchangeError } from '../exchange-error.ts';
import { PrefixTrie } from './prefix-trie.ts';

/** The networks that somebody answers for. */
export interface AddressSpace {
  readonly prefixes: readonly IpPrefix[];
  /** All of the network is in it. */
  contains(prefix: IpPrefix): boolean;
  /** Some address of the network is in it. */
  meets(prefix: IpPrefix): boolean;
}

export const maxPrefixesPerNetwork = 10_000;

/**
 * @param owner For the message of the error.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG` for what is no network, and for more than 10,000.
 */
export function createAddressSpace(networks: readonly string[], owner: string): AddressSpace {
  if (networks.length > maxPrefixesPerNetwork) {
    throw badConfig(
      `${owner}: addressSpace has ${networks.length} networks; at most ${maxPrefixesPerNetwork} are held of each`,
    );
  }
  const prefixes = networks.map((text, i) => {
    try {
      return parseIpPrefix(text);
    } catch (cause) {
      if (!(cause instanceof EventError)) throw cause;
      throw badConfig(`${owner}: addressSpace[${i}]: ${cause.message}`, cause);
    }
  });
  const trie = new PrefixTrie<undefined>();
  for (const prefix of prefixes) trie.insert(prefix, undefined);
  const contains = (prefix: IpPrefix) => trie.longestMatch(prefix) !== undefined;
  return {
    prefixes,
    contains,
    meets: (prefix) => contains(prefix) || trie.within(prefix).next().done === false,
  };
}

function badConfig(message: string, cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_CONFIG', message, { permanent: true, cause });
}
