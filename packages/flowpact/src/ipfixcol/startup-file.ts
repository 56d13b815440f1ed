import { FlowpactError } from '../flowpact-error.ts';
import { type StartupWriter, writersOf } from './startup-writer.ts';
import { childrenOf, childText, parseXml, type Refuse, type XmlElement } from './xml-element.ts';

/** What IPFIXcol's startup file asks for, as far as it can be done here. */
export interface StartupConfig {
  readonly collectors: readonly StartupCollector[];
  readonly writers: readonly StartupWriter[];
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
  const writers = new Set<StartupWriter>();
  const writersByExporter = new Map<XmlElement, readonly StartupWriter[]>();
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
      // Several collecting processes may name one exporting process.
      const known = writersByExporter.get(exporter) ?? writersOf(exporter, refuse);
      writersByExporter.set(exporter, known);
      for (const writer of known) writers.add(writer);
    }
  }
  if (collectors.length === 0) refuse(root, 'there is no collecting process with a collector');
  if (writers.size === 0) refuse(root, 'no collecting process names an exporting process');

  const plugins = childrenOf(root, 'intermediatePlugins').flatMap(({ children }) => children);
  for (const plugin of plugins) {
    if (plugin.name !== 'timenow')
      refuse(plugin, `the intermediate plug-in ${plugin.name} is not supported here`);
  }
  return { collectors, writers: [...writers], timeNow: plugins.length > 0 };
}

/** Children of a collector; how long templates live is not asked for here: they live as long as the session. */
const collectorOptions = [
  'name',
  'localPort',
  'localIPAddress',
  'templateLifeTime',
  'optionsTemplateLifeTime',
  'templateLifePacket',
  'optionsTemplateLifePacket',
];

function collectorOf(element: XmlElement, refuse: Refuse): StartupCollector | undefined {
  switch (element.name) {
    case 'name':
    case 'exportingProcess':
      return undefined;
    case 'tcpCollector':
    case 'udpCollector': {
      for (const option of element.children) {
        if (!collectorOptions.includes(option.name))
          refuse(option, `${option.name} in ${element.name} is not supported here`);
      }
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
