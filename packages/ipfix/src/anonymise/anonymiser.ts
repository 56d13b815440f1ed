import { IpfixError } from '../ipfix-error.ts';
import type { RecordReader } from '../message/record-reader.ts';
import { createCryptoPan } from './crypto-pan.ts';
import { readCryptoPanKey } from './read-key.ts';
import { createTreatingReader } from './treating-reader.ts';
import { createFieldTreatments, type TreatmentConfig } from './treatment.ts';

export interface AnonymiserConfig extends TreatmentConfig {
  /** File with the key (32 octets or 64 hexadecimal digits); needed unless no address is `prefix-preserving`. */
  readonly keyFile?: string;
}

/** Hides who records are about, before anything else sees them. */
export interface Anonymiser {
  /**
   * A reader that passes records on to `reader` with their fields treated: removed fields are not in the template
   * any more, everything else is where it was. Whatever works on records works behind it: objects, lines, re-export.
   * The octets handed on are only valid during the call.
   */
  reader(reader: RecordReader): RecordReader;
}

/** Reads the key at once. @throws IpfixError `IPFIX_BAD_CONFIG`, `IPFIX_IO` */
export function createAnonymiser(config: AnonymiserConfig): Anonymiser {
  const { keyFile, ...treatments } = config;
  const treatmentOf = createFieldTreatments(treatments);
  const pan = keyFile === undefined ? undefined : createCryptoPan(readCryptoPanKey(keyFile));
  const needsKey = [
    treatments.ipv4Addresses,
    treatments.ipv6Addresses,
    ...Object.values(treatments.fields ?? {}),
  ];
  if (
    pan === undefined &&
    needsKey.some((treatment = 'prefix-preserving') => treatment === 'prefix-preserving')
  ) {
    throw new IpfixError(
      'IPFIX_BAD_CONFIG',
      'prefix-preserving needs a key: give keyFile (openssl rand -hex 32)',
    );
  }
  return { reader: createTreatingReader(treatmentOf, pan) };
}
