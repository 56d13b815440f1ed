import { readFileSync, statSync } from 'node:fs';
import type { LoadedConfig } from '../config/load-config.ts';
import { parseHostPort } from '../input/socket-url.ts';
import type { PersonToken } from './api/access.ts';
import type { ApiConfig } from './api/api-config.ts';

/** What a configuration says about HTTP, with the token read. */
export interface HttpSettings {
  readonly port: number;
  readonly api: Omit<ApiConfig, 'pageFolder'>;
  readonly hasPage: boolean;
}

/** Shorter ones can be guessed. */
const minTokenLength = 16;
/** More is no token but a mistake. */
const maxTokenFileOctets = 4096;

/**
 * Undefined: nothing is served.
 * @throws FlowpactError `FLOWPACT_CONFIG` where the token cannot be read, is too short, or others can read it
 */
export function readHttpSettings(loaded: LoadedConfig): HttpSettings | undefined {
  const { enabled, listen, page, tokenFile, people, allowChanges, hostNames, ...limits } = loaded.config.http;
  if (!enabled) return undefined;
  const { host, port } = parseHostPort(listen, '127.0.0.1');
  const token = tokenFile === undefined ? undefined : readToken(loaded, ['http', 'tokenFile'], tokenFile);
  return {
    port,
    hasPage: page,
    api: {
      ...{ host, hostNames, mayChange: allowChanges, limits },
      ...(token === undefined ? {} : { token }),
      people: readPeople(loaded, token),
    },
  };
}

/** A token tells people apart, so that it can be only one's, and their name as well. */
function readPeople(loaded: LoadedConfig, shared: string | undefined): PersonToken[] {
  const owners = new Map<string, string>(shared === undefined ? [] : [[shared, 'http.tokenFile']]);
  const names = new Set<string>();
  return loaded.config.http.people.map(({ name, tokenFile }, i) => {
    const at = ['http', 'people', i];
    if (names.has(name)) throw loaded.wrong([...at, 'name'], `${name} is here twice`);
    names.add(name);
    const token = readToken(loaded, [...at, 'tokenFile'], tokenFile);
    const owner = owners.get(token);
    if (owner !== undefined) {
      throw loaded.wrong(
        [...at, 'tokenFile'],
        `has the same token as ${owner}: nobody could tell them apart`,
      );
    }
    owners.set(token, name);
    return { name, token };
  });
}

function readToken({ path, wrong }: LoadedConfig, at: readonly (string | number)[], name: string): string {
  const file = path(name);
  let text: string;
  try {
    const { mode, size } = statSync(file);
    if ((mode & 0o077) !== 0) throw wrong(at, `${file} can be read by others than its owner: chmod 600 it`);
    if (size > maxTokenFileOctets) throw wrong(at, `${file} is too long for a token`);
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (!('syscall' in (error as Error))) throw error;
    throw wrong(
      at,
      `cannot be read: ${(error as Error).message}; \`openssl rand -hex 32 > FILE\` makes a token`,
    );
  }
  if (text.length < minTokenLength || /\s/.test(text)) {
    throw wrong(
      at,
      `${file} must hold one word of at least ${minTokenLength} characters: \`openssl rand -hex 32\` makes one`,
    );
  }
  return text;
}
