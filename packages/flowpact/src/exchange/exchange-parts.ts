import {
  type AddressAnonymisation,
  type ExchangeConfig,
  flexCodec,
  formatCodec,
  type MessageCodec,
  type OpenPgpTrustConfig,
  type Partner,
  type PartnerKeys,
  type SmtpTransportConfig,
  type StompTransportConfig,
} from '@flowpact/exchange';
import { type FormatName, formats } from '@flowpact/formats';
import { type ConfigFiles, createConfigFiles } from '../config/config-files.ts';
import type { ExchangeSettings } from '../config/exchange-config.ts';
import type { LoadedConfig, LoadedPartner } from '../config/load-config.ts';
import { parseHostPort } from '../input/socket-url.ts';
import { smtpConfig } from './smtp-config.ts';

/** All that an exchange is made of, with the files of the configuration read. */
export interface ExchangeParts {
  readonly exchange: ExchangeConfig & { readonly self: Partner['party'] };
  /** Our own networks. */
  readonly addressSpace: readonly string[];
  /** What partners read. */
  readonly codecs: readonly MessageCodec[];
  /** All others, for a message that somebody wants in one of them. */
  readonly outgoingCodecs: readonly MessageCodec[];
  readonly trust: OpenPgpTrustConfig | undefined;
  readonly smtp: SmtpTransportConfig | undefined;
  readonly stomp: StompTransportConfig | undefined;
}

/** What `open` leaves out of the transports. */
export interface ExchangePartsOptions {
  /** Whether messages are taken, too; else they are only sent. */
  readonly receive: boolean;
}

/**
 * Reads keys, passwords and certificates. They never reach a log: errors name files.
 * @throws FlowpactError `FLOWPACT_CONFIG` with the place of what names the file.
 */
export function readExchangeParts(
  loaded: LoadedConfig,
  settings: ExchangeSettings,
  { receive }: ExchangePartsOptions,
): ExchangeParts {
  const { name, asn, contact, addressSpace, keys, mail, stomp } = settings;
  const { retryMs, nextRouteAfterMs, answerWithinMs } = settings;
  const file = createConfigFiles(loaded, ['exchange']);
  const partners = loaded.partners.map(partnerOf);
  const languages = new Set([flexCodec.language, ...partners.flatMap((partner) => partner.languages)]);
  return {
    exchange: {
      self: party({ name, asn, contact }),
      partners,
      limits: { retryMs, nextRouteAfterMs, answerWithinMs },
    },
    addressSpace,
    codecs: [...languages].map((language) => codecOf(language as FormatName)),
    outgoingCodecs: formats.filter((format) => !languages.has(format.name)).map(({ name }) => codecOf(name)),
    trust:
      keys.length === 0
        ? undefined
        : {
            self: name,
            keys: keys.map(({ file: key, passphraseFile }, index) => ({
              armored: file.text(['keys', index, 'file'], key),
              ...(passphraseFile === undefined
                ? {}
                : { passphrase: file.secret(['keys', index, 'passphraseFile'], passphraseFile) }),
            })),
            partners: loaded.partners.map(partnerKeys),
          },
    smtp: mail === undefined ? undefined : smtpConfig(mail, file, receive),
    stomp: stomp === undefined ? undefined : stompConfig(stomp, file, receive),
  };
}

const codecOf = (language: FormatName) =>
  language === flexCodec.language ? flexCodec : formatCodec(language);

function party({ name, asn, contact }: Pick<Partner['party'], 'name' | 'asn' | 'contact'>): Partner['party'] {
  return { name, ...(asn === undefined ? {} : { asn }), ...(contact === undefined ? {} : { contact }) };
}

function partnerOf(loaded: LoadedPartner): Partner {
  const { addressSpace, languages, routes, unsigned, policy } = loaded.config;
  const base = { party: party(loaded.config), addressSpace, languages, routes, unsigned };
  if (policy === undefined) return base;
  const { disclosure, ...rest } = policy;
  if (disclosure === undefined) return { ...base, policy: rest };
  const { anonymisation, ...visible } = disclosure;
  return {
    ...base,
    policy: {
      ...rest,
      disclosure:
        anonymisation === undefined
          ? visible
          : {
              ...visible,
              anonymisation: anonymisationOf(
                anonymisation,
                createConfigFiles(loaded, ['policy', 'disclosure']),
              ),
            },
    },
  };
}

type AnonymisationConfig = NonNullable<
  NonNullable<NonNullable<LoadedPartner['config']['policy']>['disclosure']>['anonymisation']
>;

function anonymisationOf(config: AnonymisationConfig, file: ConfigFiles): AddressAnonymisation {
  if (config.kind !== 'prefixPreserving') return config;
  const { keyFile, ...rest } = config;
  return { ...rest, key: file.octets(['anonymisation', 'keyFile'], keyFile) };
}

function partnerKeys(loaded: LoadedPartner): PartnerKeys {
  const { name, keys, encrypt } = loaded.config;
  const { text } = createConfigFiles(loaded, []);
  return {
    partner: name,
    encrypt,
    keys: keys.map(({ file, armored, from, until, revoked }, index) => ({
      armored: armored ?? text(['keys', index, 'file'], file ?? ''),
      revoked,
      ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
      ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
    })),
  };
}

function stompConfig(
  {
    server,
    tls,
    authorityFile,
    user,
    passwordFile,
    virtualHost,
    address,
    subscribe,
  }: NonNullable<ExchangeSettings['stomp']>,
  file: ConfigFiles,
  receive: boolean,
): StompTransportConfig {
  return {
    address,
    ...(receive ? { subscribe: subscribe ?? [address] } : {}),
    broker: {
      ...parseHostPort(server, '127.0.0.1'),
      ...(tls
        ? {
            tls:
              authorityFile === undefined
                ? (true as const)
                : { ca: file.octets(['stomp', 'authorityFile'], authorityFile) },
          }
        : {}),
      ...(user === undefined ? {} : { login: user }),
      ...(passwordFile === undefined
        ? {}
        : { passcode: file.secret(['stomp', 'passwordFile'], passwordFile) }),
      ...(virtualHost === undefined ? {} : { virtualHost }),
    },
  };
}
