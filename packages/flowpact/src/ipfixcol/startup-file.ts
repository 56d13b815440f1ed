import { FlowpactError } from '../flowpact-error.ts';
import { childrenOf, childText, parseXml, type XmlElement } from './xml-element.ts';

/** What IPFIXcol's startup file asks for, as far as it can be done here. */
export interface StartupConfig {
  readonly collectors: readonly StartupCollector[];
  /** Targets as `openLineSink` names them: `-`, a file, `udp://…`, `tcp://…`. */
  readonly outputs: readonly string[];
  /** Whether times are shifted to the present (`timenow`). */
  readonly timeNow: boolean;
}

export type StartupCollector =
  | { readonly kind: 'tcp' | 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'file'; readonly file: string };

/** IANA's port for IPFIX; IPFIXcol's default too. */
const defaultPort = 4739;

/**
 * Reads a startup file of IPFIXcol: collecting processes (TCP, UDP, files), exporting processes that write JSON, and
 * the intermediate plug-in `timenow`.
 * @throws FlowpactError `FLOWPACT_FILE`, naming the line and what in it cannot be done here.
 */
export function parseStartupFile(text: string, file: string): StartupConfig {
  const root = parseXml(text, file);
  const refuse = (element: XmlElement, what: string): never => {
    throw new FlowpactError('FLOWPACT_FILE', `${file}:${element.line}: ${what}`);
  };
  if (root.name !== 'ipfix') refuse(root, `the outermost element is ${root.name}; IPFIXcol's is ipfix`);
  for (const element of root.children) {
    const known = ['collectingProcess', 'exportingProcess', 'intermediatePlugins', 'cacheStatistics'];
    if (!known.includes(element.name)) refuse(element, `${element.name} is not supported here`);
  }

  const exporters = childrenOf(root, 'exportingProcess');
  const collectors: StartupCollector[] = [];
  const outputs = new Set<string>();
  for (const process of childrenOf(root, 'collectingProcess')) {
    for (const element of process.children) {
      const collector = collectorOf(element, refuse);
      if (collector !== undefined) collectors.push(collector);
    }
    for (const { text: name, line } of childrenOf(process, 'exportingProcess')) {
      const exporter = exporters.find((candidate) => childText(candidate, 'name') === name);
      if (exporter === undefined) {
        throw new FlowpactError(
          'FLOWPACT_FILE',
          `${file}:${line}: there is no exporting process named ${name}`,
        );
      }
      for (const output of outputsOf(exporter, refuse)) outputs.add(output);
    }
  }
  if (collectors.length === 0) refuse(root, 'there is no collecting process with a collector');
  if (outputs.size === 0) refuse(root, 'no collecting process names an exporting process');

  const plugins = childrenOf(root, 'intermediatePlugins').flatMap(({ children }) => children);
  for (const plugin of plugins) {
    if (plugin.name !== 'timenow')
      refuse(plugin, `the intermediate plug-in ${plugin.name} is not supported here`);
  }
  return { collectors, outputs: [...outputs], timeNow: plugins.length > 0 };
}

type Refuse = (element: XmlElement, what: string) => never;

function collectorOf(element: XmlElement, refuse: Refuse): StartupCollector | undefined {
  switch (element.name) {
    case 'name':
    case 'exportingProcess':
      return undefined;
    case 'tcpCollector':
    case 'udpCollector': {
      const port = Number(childText(element, 'localPort') ?? defaultPort);
      if (!Number.isInteger(port) || port < 0 || port > 65535) refuse(element, 'localPort is no port');
      // IPFIXcol listens on every address where none is given; here a listener is on loopback unless told otherwise.
      const host = childText(element, 'localIPAddress') ?? '127.0.0.1';
      return { kind: element.name === 'tcpCollector' ? 'tcp' : 'udp', host, port };
    }
    case 'fileReader': {
      const file = childText(element, 'file')?.replace(/^file:(\/\/)?/, '');
      return file === undefined ? refuse(element, 'fileReader names no file') : { kind: 'file', file };
    }
    default:
      return refuse(
        element,
        `${element.name} is not supported here; use tcpCollector, udpCollector or fileReader`,
      );
  }
}

/** The options of the JSON plug-in that have one supported value, which is that of FlowCEP's file. */
const supportedOptions: Readonly<Record<string, readonly string[]>> = {
  metadata: ['no', 'false', '0'],
  odid: ['no', 'false', '0'],
  tcpFlags: ['formated', 'formatted', 'yes', 'true', '1'],
  timestamp: ['plain', 'unix', 'no', 'false', '0'],
  protocol: ['raw', 'no', 'false', '0'],
  ignoreUnknown: ['yes', 'true', '1'],
  nonPrintableChar: ['no', 'false', '0'],
  octetArrayAsUint: ['no', 'false', '0'],
  prefix: ['ipfix.'],
};

function outputsOf(exporter: XmlElement, refuse: Refuse): string[] {
  return childrenOf(exporter, 'destination').flatMap((destination) => {
    const writers = childrenOf(destination, 'fileWriter');
    if (writers.length === 0) refuse(destination, 'a destination without a fileWriter is not supported here');
    return writers.flatMap((writer) => {
      const format = childText(writer, 'fileFormat');
      if (format !== 'json')
        refuse(writer, `the file format ${format ?? '(none)'} is not supported here; json is`);
      for (const option of writer.children) {
        if (option.name === 'fileFormat' || option.name === 'output') continue;
        const values = supportedOptions[option.name];
        if (values === undefined) refuse(option, `the option ${option.name} is not supported here`);
        else if (!values.includes(option.text)) {
          refuse(option, `${option.name} can only be ${values[0]} here, not ${option.text}`);
        }
      }
      return childrenOf(writer, 'output').map((output) => outputOf(output, refuse));
    });
  });
}

function outputOf(output: XmlElement, refuse: Refuse): string {
  const type = childText(output, 'type');
  switch (type) {
    case 'print':
      return '-';
    case 'send': {
      const protocol = (childText(output, 'protocol') ?? 'udp').toLowerCase();
      if (protocol !== 'udp' && protocol !== 'tcp')
        refuse(output, `the protocol ${protocol} is not supported here; udp and tcp are`);
      const host = childText(output, 'ip') ?? '127.0.0.1';
      return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${childText(output, 'port') ?? defaultPort}`;
    }
    default:
      return refuse(
        output,
        `the output ${type ?? '(without type)'} is not supported here; print and send are`,
      );
  }
}
