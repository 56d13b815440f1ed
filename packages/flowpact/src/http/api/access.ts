import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { ApiError } from './api-error.ts';

export interface AccessConfig {
  /** The address listened on. */
  readonly host: string;
  readonly hostNames?: readonly string[];
  /** Of whoever may ask. */
  readonly token?: string;
  /** Those with a token of their own. */
  readonly people?: readonly PersonToken[];
}

export interface PersonToken {
  readonly name: string;
  readonly token: string;
}

export interface AccessRequest {
  /** The header `Host`. */
  readonly host: string | undefined;
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const version = isIP(host);
  return version !== 0 && loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

export const hasTokens = ({ token, people = [] }: Pick<AccessConfig, 'token' | 'people'>): boolean =>
  token !== undefined || people.length > 0;

/**
 * Who may ask. Off loopback, whoever has a token. On loopback without one, whoever is on this host: but a page of the web, whose
 * name has been made to resolve to 127.0.0.1 (DNS rebinding), is not, so that the request must be addressed to a loopback address
 * or a name of ours.
 *
 * @returns whose own token came with the request; undefined: nobody's
 * @throws ApiError `API_UNAUTHORIZED` where there is no token to demand off loopback: nobody may ask then
 */
export function checkAccess(config: AccessConfig, request: AccessRequest): string | undefined {
  const { host, hostNames = [], token, people = [] } = config;
  if (hasTokens(config)) {
    const given = /^Bearer +(\S+) *$/i.exec(request.authorization ?? '')?.[1];
    if (given !== undefined) {
      const person = people.find((each) => isSame(given, each.token));
      if (person !== undefined) return person.name;
      if (token !== undefined && isSame(given, token)) return undefined;
    }
    throw new ApiError('API_UNAUTHORIZED', 'send the token in the header: Authorization: Bearer …');
  }
  if (!isLoopback(host)) throw new ApiError('API_UNAUTHORIZED', 'off loopback a token must be configured');
  const name = hostName(request.host ?? '');
  if (isLoopback(name) || hostNames.includes(name)) return undefined;
  throw new ApiError(
    'API_FORBIDDEN',
    `this server does not answer for ${JSON.stringify(name.slice(0, 100))}: use its loopback address`,
  );
}

/** Without the port and the brackets of an IPv6 address. */
function hostName(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::[0-9]*)?$/.exec(header) ?? [];
  return (bracketed ?? plain ?? '').toLowerCase();
}

/** In a time that tells nothing about where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
