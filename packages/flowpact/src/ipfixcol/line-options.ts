import type { IpfixcolLineOptions } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';

type Choice = Partial<IpfixcolLineOptions>;
type Values = Readonly<Record<string, Choice>>;

/** `formated` is how IPFIXcol's own documentation spells it. */
const formatted = <Name extends string>(name: Name, raw: string, ...others: readonly string[]): Values => ({
  formatted: { [name]: 'formatted' },
  formated: { [name]: 'formatted' },
  ...Object.fromEntries([raw, ...others].map((value) => [value, { [name]: raw }])),
});

const yesNo = (name: keyof IpfixcolLineOptions): Values => ({
  yes: { [name]: true },
  true: { [name]: true },
  '1': { [name]: true },
  no: { [name]: false },
  false: { [name]: false },
  '0': { [name]: false },
});

const options: Readonly<Record<string, Values>> = {
  metadata: yesNo('metadata'),
  odid: yesNo('odid'),
  tcpFlags: formatted('tcpFlags', 'raw'),
  timestamp: formatted('timestamp', 'unix', 'plain', 'raw'),
  protocol: formatted('protocol', 'raw'),
  ignoreUnknown: yesNo('ignoreUnknown'),
  ignoreOptions: yesNo('ignoreOptions'),
  nonPrintableChar: yesNo('nonPrintableChar'),
  octetArrayAsUint: yesNo('octetArrayAsUint'),
  detailedInfo: yesNo('detailedInfo'),
};

const optionNames = [...Object.keys(options), 'prefix'];

/** What IPFIXcol does where its startup file says nothing, as far as that differs from what lines look like here. */
export const ipfixcolDefaults: IpfixcolLineOptions = {
  tcpFlags: 'raw',
  protocol: 'formatted',
  nonPrintableChar: true,
};

/**
 * One option of IPFIXcol's JSON output by its own name and value.
 * @throws FlowpactError `FLOWPACT_USAGE` naming what is not known, and what is
 */
export function parseIpfixcolOption(name: string, value: string): Choice {
  if (name === 'prefix') {
    if (/^[\x20-\x7e]*$/.test(value)) return { prefix: value };
    throw new FlowpactError('FLOWPACT_USAGE', 'prefix can only have printable ASCII characters');
  }
  const values = Object.hasOwn(options, name) ? options[name] : undefined;
  if (values === undefined) {
    const known = optionNames.join(', ');
    throw new FlowpactError('FLOWPACT_USAGE', `the option ${name} is not supported here; ${known} are`);
  }
  const word = value.toLowerCase();
  const choice = Object.hasOwn(values, word) ? values[word] : undefined;
  if (choice !== undefined) return choice;
  const known = Object.keys(values).join(', ');
  throw new FlowpactError('FLOWPACT_USAGE', `${name} is one of ${known} here, not "${value}"`);
}

/** Options as `NAME=VALUE`. @throws FlowpactError `FLOWPACT_USAGE` */
export function parseIpfixcolOptions(texts: readonly string[]): IpfixcolLineOptions {
  const choices = texts.map((text) => {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(text) ?? [];
    if (name !== undefined) return parseIpfixcolOption(name, value);
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `--ipfixcol-option takes NAME=VALUE, such as tcpFlags=raw, not "${text}"; names: ${optionNames.join(', ')}`,
    );
  });
  return Object.assign({}, ...choices);
}
