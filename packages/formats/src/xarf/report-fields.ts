import type { Property } from '@flowpact/event';
import { isMailAddress } from '../mail/mail-address.ts';

/** Keys that the writer fills from fields of the model, in lower case; others mean the same to the reader. */
const ownKeys: ReadonlySet<string> = new Set([
  'reported-from',
  'report-id',
  'category',
  'report-type',
  'user-agent',
  'date',
  'source',
  'source-type',
  'source-port',
  'port',
  'ports',
  'destination',
  'destination-type',
  'destination-port',
  'destination-domain',
  'domain',
  'attachment',
  'schema-url',
  'version',
  'tlp',
  'flowpact',
]);

/** Keys of the published schemas whose values are not just text. */
const valueChecks: Readonly<Record<string, (value: unknown) => boolean>> = {
  service: isText,
  'bot-name': isText,
  occurrences: Number.isSafeInteger,
  'download-port': Number.isSafeInteger,
  'download-link': isUri,
  'feedback-link': isUri,
  dnsbl: isUri,
  'dnsbl-record': () => false,
  'malware-md5': isText,
  'antivirus-result': isText,
  // Only where there is a result, which another property would have to say.
  'antivirus-vendor': () => false,
  'destination-system': (value) =>
    ['real-world', 'honeypot', 'spamtrap', 'honeyd', 'nepenthes'].includes(value as string),
};

/** Whether a property of the event is a key of a report as it is, in every schema that has the key. */
export function isReportField({ name, value }: Property): boolean {
  const key = name.toLowerCase();
  if (!/^[A-Z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/.test(name) || name.length > 60 || ownKeys.has(key)) return false;
  if (Object.hasOwn(valueChecks, key)) return valueChecks[key](value);
  return isText(value) || typeof value === 'boolean' || Number.isSafeInteger(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]([ -~]{0,500}[!-~])?$/.test(value);
}

function isUri(value: unknown): boolean {
  return (
    typeof value === 'string' && /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._~/-]*)?$/.test(value)
  );
}

/** `42@isp-a.example`: the schemas want the form of a mail address. */
export function reportId(id: string, domain: string): string {
  const address = `${id}@${domain}`;
  return isMailAddress(address) ? address : `${id.slice(0, 60)}@${domain}`;
}
