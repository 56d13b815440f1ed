import { arfFormat } from './arf/arf-format.ts';
import { flexFormat } from './flex/flex-format.ts';
import { flexMailFormat } from './flex/flex-mail-format.ts';
import type { Format } from './format.ts';
import { FormatsError } from './formats-error.ts';
import { ideaFormat } from './idea/idea-format.ts';
import { idmefFormat } from './idmef/idmef-format.ts';
import { iodef1Format, iodef2Format } from './iodef/iodef-format.ts';
import { jsonFormat } from './json/json-format.ts';
import { mispFormat } from './misp/misp-format.ts';
import { stixFormat } from './stix/stix-format.ts';
import { xarf01Format, xarfBulkFormat, xarfFormat } from './xarf/xarf-format.ts';
import { xarf4Format, xarf4MailFormat } from './xarf4/xarf4-format.ts';

/** Every format, those with the surest marks first: detection asks in this order. */
export const formats: readonly Format[] = [
  flexFormat,
  iodef2Format,
  iodef1Format,
  idmefFormat,
  ideaFormat,
  stixFormat,
  mispFormat,
  jsonFormat,
  arfFormat,
  xarfFormat,
  xarf01Format,
  xarfBulkFormat,
  xarf4Format,
  xarf4MailFormat,
  flexMailFormat,
];

/** @throws FormatsError `FORMATS_UNKNOWN`, naming those that there are. */
export function findFormat(name: string): Format {
  const format = formats.find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  const known = formats.map((candidate) => candidate.name).join(', ');
  throw new FormatsError('FORMATS_UNKNOWN', `there is no format "${name.slice(0, 40)}"; known: ${known}`);
}

/** The first format that recognises the octets; undefined where none does. */
export function detectFormat(bytes: Uint8Array): Format | undefined {
  return formats.find((format) => format.recognises(bytes));
}
