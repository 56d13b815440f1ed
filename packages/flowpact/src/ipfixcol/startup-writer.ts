import type { IpfixcolLineOptions } from '@flowpact/ipfix';
import { FlowpactError } from '../flowpact-error.ts';
import type { LineSinkOptions } from '../output/open-line-sink.ts';
import { ipfixcolDefaults, parseIpfixcolOption } from './line-options.ts';
import { childrenOf, childText, type Refuse, type XmlElement } from './xml-element.ts';

/** A `fileWriter` of the format JSON: what its lines look like, and where they go. */
export interface StartupWriter {
  readonly options: IpfixcolLineOptions;
  readonly outputs: readonly StartupOutput[];
}

export interface StartupOutput extends LineSinkOptions {
  /** As `openLineSink` names it: `-`, a path, `udp://…`, `tcp://…`, `tcp-listen://…`. */
  readonly target: string;
}

/** IANA's port for IPFIX; IPFIXcol's default too. */
const defaultPort = 4739;

/** The writers of an exporting process. */
export function writersOf(exporter: XmlElement, refuse: Refuse): StartupWriter[] {
  return childrenOf(exporter, 'destination').flatMap((destination) => {
    const writers = childrenOf(destination, 'fileWriter');
    if (writers.length === 0) refuse(destination, 'a destination without a fileWriter is not supported here');
    for (const child of destination.children) {
      if (child.name !== 'name' && child.name !== 'fileWriter')
        refuse(child, `${child.name} in a destination is not supported here`);
    }
    return writers.map((writer) => writerOf(writer, refuse));
  });
}

function writerOf(writer: XmlElement, refuse: Refuse): StartupWriter {
  const format = childText(writer, 'fileFormat');
  if (format !== 'json') {
    refuse(writer, `the file format ${format ?? '(none)'} is not supported here; json is`);
  }
  const choices = writer.children
    .filter(({ name }) => name !== 'fileFormat' && name !== 'output')
    .map((option) => {
      try {
        return parseIpfixcolOption(option.name, option.text);
      } catch (error) {
        if (!(error instanceof FlowpactError)) throw error;
        return refuse(option, error.message);
      }
    });
  const outputs = childrenOf(writer, 'output').map((output) => outputOf(output, refuse));
  if (outputs.length === 0) refuse(writer, 'the fileWriter has no output');
  return { options: Object.assign({}, ipfixcolDefaults, ...choices), outputs };
}

/** What each type of output may have beside `type` and `name`. */
const outputOptions: Readonly<Record<string, readonly string[]>> = {
  print: [],
  send: ['ip', 'port', 'protocol', 'blocking'],
  file: ['path', 'prefix', 'dumpInterval'],
  server: ['port', 'blocking'],
};

function outputOf(output: XmlElement, refuse: Refuse): StartupOutput {
  const type = childText(output, 'type') ?? '(without type)';
  const options = Object.hasOwn(outputOptions, type) ? outputOptions[type] : undefined;
  if (options === undefined) {
    const known = Object.keys(outputOptions).join(', ');
    return refuse(output, `the output ${type} is not supported here; ${known} are`);
  }
  for (const option of output.children) {
    if (!['type', 'name', ...options].includes(option.name))
      refuse(option, `${option.name} in the output ${type} is not supported here`);
  }
  switch (type) {
    case 'send':
      return sendOutput(output, refuse);
    case 'file':
      return fileOutput(output, refuse);
    case 'server':
      return {
        target: `tcp-listen://127.0.0.1:${portOf(output, refuse)}`,
        whenSlow: isYes(output, 'blocking', false, refuse) ? 'wait' : 'drop',
      };
    default:
      return { target: '-' };
  }
}

function sendOutput(output: XmlElement, refuse: Refuse): StartupOutput {
  const protocol = (childText(output, 'protocol') ?? 'udp').toLowerCase();
  if (protocol !== 'udp' && protocol !== 'tcp') {
    refuse(output, `the protocol ${protocol} is not supported here; udp and tcp are`);
  }
  const host = childText(output, 'ip') ?? '127.0.0.1';
  const target = `${protocol}://${host.includes(':') ? `[${host}]` : host}:${portOf(output, refuse)}`;
  return isYes(output, 'blocking', true, refuse) ? { target } : { target, whenSlow: 'drop' };
}

/** Shortest time of a file, seconds, as in IPFIXcol. */
const shortestWindow = 60;

function fileOutput(output: XmlElement, refuse: Refuse): StartupOutput {
  const path = childText(output, 'path') ?? refuse(output, 'the output file names no path');
  const interval = childrenOf(output, 'dumpInterval')[0];
  const seconds = Number((interval && childText(interval, 'timeWindow')) ?? 300);
  if (!(Number.isInteger(seconds) && seconds >= shortestWindow)) {
    refuse(interval ?? output, `timeWindow is a whole number of seconds from ${shortestWindow}`);
  }
  const aligned = interval === undefined || isYes(interval, 'timeAlignment', true, refuse);
  const name = `${childText(output, 'prefix') ?? ''}%Y%m%d%H%M`;
  return {
    target: path.endsWith('/') ? `${path}${name}` : `${path}/${name}`,
    rotation: { periodMs: seconds * 1000, aligned },
  };
}

function portOf(output: XmlElement, refuse: Refuse): number {
  const port = Number(childText(output, 'port') ?? defaultPort);
  if (!Number.isInteger(port) || port < 0 || port > 65535) refuse(output, 'port is no port');
  return port;
}

function isYes(element: XmlElement, name: string, otherwise: boolean, refuse: Refuse): boolean {
  const text = childText(element, name)?.toLowerCase();
  if (text === undefined) return otherwise;
  if (['yes', 'true', '1'].includes(text)) return true;
  if (['no', 'false', '0'].includes(text)) return false;
  return refuse(element, `${name} is yes or no, not ${text}`);
}
