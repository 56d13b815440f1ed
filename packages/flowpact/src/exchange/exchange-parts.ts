import { readFileSync } from 'node:fs';
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
import type { ExchangeSettings } from '../config/exchange-config.ts';
import type { LoadedConfig, LoadedPartner } from '../config/load-config.ts';
import { parseHostPort } from '../input/socket-url.ts';

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
  const { name, asn, contact, addressSpace, keys, mail, stomp, retryMs, answerWithinMs } = settings;
  const file = fileReader(loaded, ['exchange']);
  const partners = loaded.partners.map(partnerOf);
  const languages = new Set([flexCodec.language, ...partners.flatMap((partner) => partner.languages)]);
  return {
    exchange: {
      self: party({ name, asn, contact }),
      partners,
      limits: { retryMs, answerWithinMs },
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

type FileReader = ReturnType<typeof fileReader>;

/** Reads files that a configuration names, below this place of it. */
function fileReader({ path, wrong }: Pick<LoadedConfig, 'path' | 'wrong'>, base: readonly PropertyKey[]) {
  const octets = (at: readonly PropertyKey[], name: string): Buffer => {
    try {
      return readFileSync(path(name));
    } catch (error) {
      throw wrong([...base, ...at], `cannot be read: ${(error as Error).message}`);
    }
  };
  return {
    octets,
    text: (at: readonly PropertyKey[], name: string) => octets(at, name).toString('utf8'),
    /** A line end behind it is not part of it. */
    secret: (at: readonly PropertyKey[], name: string) =>
      octets(at, name)
        .toString('utf8')
        .replace(/\r?\n$/, ''),
    optional: (at: readonly PropertyKey[], name: string | undefined) =>
      name === undefined ? undefined : octets(at, name),
  };
}

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
              anonymisation: anonymisationOf(anonymisation, fileReader(loaded, ['policy', 'disclosure'])),
            },
    },
  };
}

type AnonymisationConfig = NonNullable<
  NonNullable<NonNullable<LoadedPartner['config']['policy']>['disclosure']>['anonymisation']
>;

function anonymisationOf(config: AnonymisationConfig, file: FileReader): AddressAnonymisation {
  if (config.kind !== 'prefixPreserving') return config;
  const { keyFile, ...rest } = config;
  return { ...rest, key: file.octets(['anonymisation', 'keyFile'], keyFile) };
}

function partnerKeys(loaded: LoadedPartner): PartnerKeys {
  const { name, keys, encrypt } = loaded.config;
  const { text } = fileReader(loaded, []);
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

function smtpConfig(
  { from, relay, listen, mailbox }: NonNullable<ExchangeSettings['mail']>,
  file: FileReader,
  receive: boolean,
): SmtpTransportConfig {
  const at = (...path: readonly PropertyKey[]) => ['mail', ...path];
  return {
    from,
    ...(relay === undefined ? {} : { relay: relayConfig(relay, file, at) }),
    ...(listen === undefined || !receive
      ? {}
      : {
          listen: {
            ...parseHostPort(listen.address, '127.0.0.1'),
            recipients: listen.recipients ?? [from],
            ...(listen.keyFile === undefined
              ? {}
              : {
                  tls: {
                    key: file.octets(at('listen', 'keyFile'), listen.keyFile),
                    cert: file.optional(at('listen', 'certificateFile'), listen.certificateFile),
                  },
                }),
          },
        }),
    ...(mailbox === undefined || !receive
      ? {}
      : {
          mailbox: {
            ...parseHostPort(mailbox.server, '127.0.0.1'),
            security: mailbox.security,
            mailbox: mailbox.folder,
            auth: {
              user: mailbox.user,
              pass: file.secret(at('mailbox', 'passwordFile'), mailbox.passwordFile),
            },
            ...(mailbox.authorityFile === undefined
              ? {}
              : { tls: { ca: file.octets(at('mailbox', 'authorityFile'), mailbox.authorityFile) } }),
          },
        }),
  };
}

function relayConfig(
  {
    server,
    secure,
    requireTls,
    authorityFile,
    user,
    passwordFile,
  }: NonNullable<NonNullable<ExchangeSettings['mail']>['relay']>,
  file: FileReader,
  at: (...path: readonly PropertyKey[]) => PropertyKey[],
): NonNullable<SmtpTransportConfig['relay']> {
  return {
    ...parseHostPort(server, '127.0.0.1'),
    secure,
    requireTls,
    ...(authorityFile === undefined
      ? {}
      : { tls: { ca: file.octets(at('relay', 'authorityFile'), authorityFile) } }),
    ...(user === undefined
      ? {}
      : {
          auth: {
            user,
            pass: passwordFile === undefined ? '' : file.secret(at('relay', 'passwordFile'), passwordFile),
          },
        }),
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
  file: FileReader,
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
