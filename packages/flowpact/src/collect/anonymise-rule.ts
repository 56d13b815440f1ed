import type { AnonymiserConfig, Treatment } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';

/** Names of whole groups of fields, and what the anonymiser calls them. */
const groups = {
  ipv4: 'ipv4Addresses',
  ipv6: 'ipv6Addresses',
  mac: 'macAddresses',
  packets: 'packetsAndLists',
  unknown: 'unknownFields',
} as const;

/**
 * What `--anonymise-field` says: `ipv4=truncate:24`, `mac=keep`, `httpRequestHost=remove`, each the name of an element or of
 * a group. The anonymiser itself refuses elements and treatments that there are not.
 * @throws FlowpactError `FLOWPACT_USAGE` for what is no `name=treatment`
 */
export function parseAnonymiseRules(rules: readonly string[]): Omit<AnonymiserConfig, 'keyFile'> {
  const config: Record<string, Treatment> = {};
  const fields: Record<string, Treatment> = {};
  for (const rule of rules) {
    const [, name, treatment] = /^([^=]+)=(.+)$/.exec(rule) ?? [];
    if (name === undefined) {
      const message = `--anonymise-field: "${rule}" is no NAME=TREATMENT, such as ipv4=truncate:24 or httpRequestHost=remove`;
      throw new FlowpactError('FLOWPACT_USAGE', message);
    }
    if (Object.hasOwn(groups, name)) config[groups[name as keyof typeof groups]] = treatment as Treatment;
    else fields[name] = treatment as Treatment;
  }
  return { ...config, fields };
}
