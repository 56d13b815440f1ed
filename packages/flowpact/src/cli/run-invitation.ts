import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import {
  createInvitation,
  type Invitation,
  readInvitation,
  type TrustLevel,
  trustLevels,
} from '@flowpact/exchange';
import { stringify } from 'yaml';
import type { ExchangeSettings } from '../config/exchange-config.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { partnerConfigSchema } from '../config/partner-config.ts';
import { readYaml } from '../config/yaml-file.ts';
import { readExchangeParts } from '../exchange/exchange-parts.ts';
import { FlowpactError } from '../flowpact-error.ts';

interface ConfigOptions {
  readonly config: string;
}

export async function runInvite({
  config,
  output,
}: ConfigOptions & { readonly output?: string }): Promise<void> {
  const loaded = await loadConfig(config);
  const settings = exchangeOf(loaded);
  const { exchange, trust, smtp, stomp, addressSpace } = readExchangeParts(loaded, settings, {
    receive: true,
  });
  if (trust === undefined) {
    throw loaded.wrong(['exchange'], 'needs `keys`: an invitation hands over our public key');
  }
  const routes = [
    ...(smtp === undefined ? [] : [{ transport: 'smtp', address: smtp.from }]),
    ...(stomp === undefined ? [] : [{ transport: 'stomp', address: stomp.address }]),
  ];
  const network = { party: exchange.self, addressSpace, languages: ['flex'], routes };
  const bytes = await createInvitation(network, trust.keys);
  if (output === undefined) process.stdout.write(bytes);
  else await writeFile(output, bytes);
  const { fingerprints } = await readInvitation(bytes);
  for (const fingerprint of fingerprints)
    console.error(`fingerprint, to be told by telephone: ${fingerprint}`);
}

export interface AcceptOptions extends ConfigOptions {
  readonly trust: string;
  readonly fingerprint?: string;
  readonly replace?: boolean;
}

export async function runAccept(
  file: string,
  { config, trust, fingerprint, replace = false }: AcceptOptions,
): Promise<void> {
  const trustLevel = trustLevels.find((level) => level === trust);
  if (trustLevel === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `--trust takes one of ${trustLevels.join(', ')}, not "${trust}"`,
    );
  }
  const loaded = await loadConfig(config);
  const settings = exchangeOf(loaded);
  const invitation = await readInvitation(await octetsOf(file));
  const { name } = invitation.network.party;
  const directory = loaded.path(settings.partnersDirectory);
  const path = join(directory, `${encodeURIComponent(name)}.yaml`);
  if (name === settings.name) throw new FlowpactError('FLOWPACT_USAGE', 'the invitation is our own');
  if (!replace && loaded.partners.some((partner) => partner.config.name === name)) {
    throw new FlowpactError('FLOWPACT_USAGE', `${name} is a partner already; --replace takes the new data`);
  }
  tellOf(invitation);
  await confirm(invitation, fingerprint);
  const text = stringify(partnerOf(invitation, trustLevel));
  const reading = readYaml(text, path, partnerConfigSchema);
  if (!reading.ok) {
    throw new FlowpactError(
      'FLOWPACT_INPUT',
      `${file}: ${reading.issues.map(({ message }) => message).join('; ')}`,
    );
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // A daemon that reads it meanwhile sees all of it or nothing.
  await writeFile(`${path}.next`, text, { mode: 0o600 });
  await rename(`${path}.next`, path);
  console.log(`wrote ${path}; a running daemon takes it over on SIGHUP`);
}

function exchangeOf({ file, config }: LoadedConfig): ExchangeSettings {
  if (config.exchange !== undefined) return config.exchange;
  throw new FlowpactError('FLOWPACT_USAGE', `${file} configures no exchange: add the key \`exchange\` to it`);
}

async function octetsOf(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: Error) => {
    throw new FlowpactError('FLOWPACT_FILE', `cannot read ${file}: ${cause.message}`, { cause });
  });
}

function partnerOf({ network, keys }: Invitation, trustLevel: TrustLevel) {
  const { party, addressSpace = [], languages, routes } = network;
  const { name, asn, contact } = party;
  return {
    name,
    ...(asn === undefined ? {} : { asn }),
    ...(contact === undefined ? {} : { contact }),
    addressSpace,
    languages,
    routes,
    keys: keys.map(({ armored }) => ({ armored })),
    policy: { trustLevel },
  };
}

/** What the invitation says, as JSON, which leaves no control characters of its maker's. */
function tellOf({ network, fingerprints }: Invitation): void {
  const { party, addressSpace = [], routes } = network;
  console.error(`network      ${JSON.stringify(party)}`);
  console.error(`answers for  ${JSON.stringify(addressSpace)}`);
  console.error(`reached by   ${JSON.stringify(routes)}`);
  for (const each of fingerprints) console.error(`fingerprint  ${each}`);
}

/** @throws FlowpactError `FLOWPACT_USAGE` unless somebody has compared a fingerprint. */
async function confirm({ fingerprints }: Invitation, compared: string | undefined): Promise<void> {
  const digits = (text: string) => text.replace(/[^0-9a-f]/gi, '').toUpperCase();
  if (compared !== undefined) {
    if (fingerprints.some((each) => digits(each) === digits(compared))) return;
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `--fingerprint ${compared} is none of these keys: do not accept it`,
    );
  }
  if (!process.stdin.isTTY) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'nobody can be asked here: compare the fingerprint by telephone, with a number known from elsewhere, and give it as --fingerprint',
    );
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(
    'Has the other network told you this fingerprint by telephone? (yes/no) ',
  );
  asking.close();
  if (answer.trim() !== 'yes') throw new FlowpactError('FLOWPACT_USAGE', 'not accepted');
}
