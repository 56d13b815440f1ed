import { createPrivateKey } from 'node:crypto';
import type { SmtpTransportConfig } from '@flowpact/exchange';
import type { ConfigFiles } from '../config/config-files.ts';
import type { ExchangeSettings } from '../config/exchange-config.ts';
import { parseHostPort } from '../input/socket-url.ts';

type MailSettings = NonNullable<ExchangeSettings['mail']>;
type At = (...path: readonly PropertyKey[]) => PropertyKey[];

/**
 * The transport by mail, with the files of the configuration read.
 * @param receive Whether mail is taken, too; else it is only sent.
 */
export function smtpConfig(
  { from, relay, direct, dkim, listen, mailbox }: MailSettings,
  file: ConfigFiles,
  receive: boolean,
): SmtpTransportConfig {
  const at: At = (...path) => ['mail', ...path];
  return {
    from,
    ...(relay === undefined ? {} : { relay: relayConfig(relay, file, at) }),
    ...(direct === undefined ? {} : { direct: directConfig(direct, file, at) }),
    ...(dkim === undefined ? {} : { dkim: dkimConfig(dkim, from, file, at) }),
    ...(listen === undefined || !receive
      ? {}
      : {
          listen: {
            ...parseHostPort(listen.address, '127.0.0.1'),
            recipients: listen.recipients ?? [from],
            limits: { maxMessagesPerMinute: listen.maxMessagesPerMinute },
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
            ...(mailbox.folders === undefined ? {} : { folders: mailbox.folders }),
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
  { server, name, secure, requireTls, authorityFile, user, passwordFile }: NonNullable<MailSettings['relay']>,
  file: ConfigFiles,
  at: At,
): NonNullable<SmtpTransportConfig['relay']> {
  return {
    ...parseHostPort(server, '127.0.0.1'),
    ...(name === undefined ? {} : { name }),
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

function directConfig(
  { name, security, port, authorityFile }: NonNullable<MailSettings['direct']>,
  file: ConfigFiles,
  at: At,
): NonNullable<SmtpTransportConfig['direct']> {
  return {
    security,
    port,
    ...(name === undefined ? {} : { name }),
    ...(authorityFile === undefined
      ? {}
      : { tls: { ca: file.octets(at('direct', 'authorityFile'), authorityFile) } }),
  };
}

function dkimConfig(
  { domain, selector, keyFile }: NonNullable<MailSettings['dkim']>,
  from: string,
  file: ConfigFiles,
  at: At,
): NonNullable<SmtpTransportConfig['dkim']> {
  const place = at('dkim', 'keyFile');
  const privateKey = file.text(place, keyFile);
  try {
    createPrivateKey(privateKey);
  } catch {
    throw file.wrong(place, 'is no private key in PEM without a passphrase; `openssl genpkey` makes one');
  }
  return { domain: domain ?? from.slice(from.lastIndexOf('@') + 1), selector, privateKey };
}
