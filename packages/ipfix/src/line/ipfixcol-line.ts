import { IpfixError } from '../ipfix-error.ts';
import { type FieldPlace, unsignedCode } from '../record/field-place.ts';
import { isShiftedTime } from '../record/shifted-times.ts';
import { isFlags } from '../record/text-code.ts';
import { nativeCode, rangeCode, valueFunctions } from '../record/value-code.ts';
import { findIpfixcolElement, type IpfixcolElement } from '../registry/find-ipfixcol-element.ts';
import { defaultIpfixcolLineOptions, type IpfixcolLineOptions } from './ipfixcol-options.ts';
import { writeLocalTime, writeProtocol, writeString, writeWholeString } from './ipfixcol-values.ts';
import { writeJsonFloat } from './json-values.ts';
import type { LineConstants, LineStyle, ValueStatement } from './line-code.ts';

const scope = {
  ...valueFunctions,
  writeJsonFloat,
  writeString,
  writeWholeString,
  writeProtocol,
  writeLocalTime,
};

const protocolIdentifier = 4;

/** Longest octetArray that is printed as one unsigned integer. */
const longestInteger = 8;

/** Undefined where the field is left out: its length does not fit its type. */
function valueStatement(
  { pen, id, dataType }: Omit<IpfixcolElement, 'name'>,
  place: FieldPlace,
  shift: string,
  { timestamp, protocol, nonPrintableChar, octetArrayAsUint }: IpfixcolLineOptions,
): ValueStatement | undefined {
  const value = nativeCode(dataType, place);
  if (value === undefined) return undefined;
  if (timestamp === 'formatted' && dataType.startsWith('dateTime')) {
    return { code: `writeLocalTime(line, ${value}${shift});`, quoted: false };
  }
  if (protocol === 'formatted' && pen === 0 && id === protocolIdentifier && place.length === 1) {
    return { code: `writeProtocol(line, ${value});`, quoted: true };
  }
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      return { code: `line.wideInteger(${value});`, quoted: false };
    case 'dateTimeMilliseconds':
      // Without a shift the integer is printed exactly, however large.
      if (shift === '')
        return { code: `line.wideInteger(${nativeCode('unsigned64', place)});`, quoted: false };
      return { code: `line.integer(${value}${shift});`, quoted: false };
    case 'dateTimeSeconds':
      return { code: `line.integer(${value});`, quoted: false };
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return { code: `line.integer(Math.floor(${value}));`, quoted: false };
    case 'boolean':
      return { code: `line.ascii(String(${value}));`, quoted: false };
    case 'float32':
    case 'float64':
      return { code: `writeJsonFloat(line, ${value});`, quoted: false };
    case 'ipv4Address':
      return { code: `line.ipv4(${unsignedCode(place, 0, 4)});`, quoted: true };
    case 'ipv6Address':
    case 'macAddress':
      return { code: `line.ascii(${value});`, quoted: true };
    case 'string':
      return {
        code: `${nonPrintableChar === true ? 'writeWholeString' : 'writeString'}(line, bytes, ${rangeCode(place)});`,
        quoted: true,
      };
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      if (octetArrayAsUint && place.length !== 'variable' && place.length <= longestInteger) {
        return { code: `line.wideInteger(${nativeCode('unsigned64', place)});`, quoted: false };
      }
      return { code: `line.ascii("0x"); line.hex(bytes, ${rangeCode(place)});`, quoted: true };
    default:
      return dataType satisfies never;
  }
}

/** What IPFIXcol says of a record where no intermediate plug-in has told it anything. */
const emptyMetadata =
  '{"srcAS": "0", "dstAS": "0", "srcCountry": "0", "dstCountry": "0", "srcName": "", "dstName": "", "profiles": []}';

/** Appends what a line says behind the fields; gives the statements that write it. */
function appendExtras(
  { prefix, metadata, odid, detailedInfo, exporterAddress }: IpfixcolLineOptions,
  templateId: number,
  constants: LineConstants,
): string {
  const statements: string[] = [];
  const key = (name: string) => constants.append(`, ${JSON.stringify(`${prefix}${name}`)}: `);
  const number = (name: string, property: string) => {
    key(name);
    statements.push(constants.writeValue({ code: `line.integer(header.${property});`, quoted: false }));
  };
  if (metadata === true) {
    key('metadata');
    constants.append(emptyMetadata);
  }
  if (detailedInfo === true) {
    number('exportTime', 'exportTime');
    number('seqNumber', 'sequenceNumber');
  }
  if (odid === true || detailedInfo === true) number('odid', 'observationDomainId');
  if (detailedInfo === true) {
    number('msgLength', 'length');
    if (exporterAddress !== undefined) {
      key('srcAddr');
      constants.append(JSON.stringify(exporterAddress));
    }
    key('templateId');
    constants.append(String(templateId));
  }
  return statements.join('\n');
}

/**
 * The line that IPFIXcol 0.9.6 prints with its JSON output: `@type` first, then the fields in the order of the
 * template, separated by `", "`. Unless the options say otherwise, options records are not printed, and elements that
 * IPFIXcol does not know are left out.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for a prefix that is not printable ASCII
 */
export function ipfixcolLine(chosen: IpfixcolLineOptions): LineStyle {
  const options = { ...defaultIpfixcolLineOptions, ...chosen };
  if (!/^[\x20-\x7e]*$/.test(options.prefix)) {
    const message = `the prefix ${JSON.stringify(options.prefix)} has other characters than printable ASCII`;
    throw new IpfixError('IPFIX_BAD_CONFIG', message);
  }
  return (template, shifted, constants) => {
    if (template.kind !== 'data' && options.ignoreOptions) return undefined;
    constants.append(`{"@type": "ipfix.${template.kind === 'data' ? 'entry' : 'optionsEntry'}"`);
    const replaced = new Set(
      template.derivedFields.map((derived) => (derived.kind === 'uptime' ? derived.uptimeIndex : -1)),
    );
    return {
      scope,
      begin: '',
      field(specifier, place, index) {
        // As IPFIXcol does it with NetFlow: times since 1970 instead of uptimes.
        if (replaced.has(index)) return undefined;
        const { pen, id } = specifier;
        const unknown = { pen, id, name: `e${pen}id${id}`, dataType: 'octetArray' } as const;
        const element = findIpfixcolElement(pen, id) ?? (options.ignoreUnknown ? undefined : unknown);
        if (element === undefined) return undefined;
        const shift = shifted && isShiftedTime(specifier) ? ' + shiftMs' : '';
        const flags = options.tcpFlags === 'formatted' && isFlags(specifier);
        const value =
          flags && place.length !== 'variable' && place.length > 0
            ? { code: `line.flags(${unsignedCode(place, 0, place.length)});`, quoted: true }
            : valueStatement(element, place, shift, options);
        if (value === undefined) return undefined;
        constants.append(`, ${JSON.stringify(`${options.prefix}${element.name}`)}: `);
        return constants.writeValue(value);
      },
      end() {
        const extras = appendExtras(options, template.id, constants);
        constants.append('}');
        return `${extras}\n${constants.write()}\nonLine(line.take());`;
      },
    };
  };
}
