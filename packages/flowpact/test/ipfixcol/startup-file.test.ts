import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlowpactError } from '../../src/flowpact-error.ts';
import { parseStartupFile } from '../../src/ipfixcol/startup-file.ts';

const destination = (output: string, options = '') =>
  `<exportingProcess><name>json</name><destination><name>JSON</name><fileWriter><fileFormat>json</fileFormat>${options}${output}</fileWriter></destination></exportingProcess>`;
const print = destination('<output><type>print</type></output>');
const collecting = (collector: string) =>
  `<collectingProcess><name>c</name>${collector}<exportingProcess>json</exportingProcess></collectingProcess>`;
const tcp = collecting(
  '<tcpCollector><name>t</name><localPort>4739</localPort><localIPAddress></localIPAddress></tcpCollector>',
);
const file = (...parts: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ipfix xmlns="urn:ietf:params:xml:ns:yang:ietf-ipfix-psamp">\n${parts.join('\n')}\n</ipfix>`;
/** What IPFIXcol does where nothing is said. */
const unsaid = { tcpFlags: 'raw', protocol: 'formatted', nonPrintableChar: true };
const parse = (...parts: string[]) => parseStartupFile(file(...parts), 'startup.xml');

describe('parseStartupFile', () => {
  it('reads what FlowCEP’s file asks for', () => {
    const options =
      '<metadata>no</metadata><tcpFlags>formated</tcpFlags><timestamp>plain</timestamp><protocol>raw</protocol><ignoreUnknown>yes</ignoreUnknown><nonPrintableChar>no</nonPrintableChar>';
    const send =
      '<output><type>send</type><ip>127.0.0.1</ip><port>4444</port><protocol>udp</protocol></output>';
    expect(
      parse(
        tcp,
        '<!-- a comment -->',
        destination(send, options),
        '<intermediatePlugins><timenow/></intermediatePlugins>',
      ),
    ).toEqual({
      collectors: [{ kind: 'tcp', host: '127.0.0.1', port: 4739 }],
      writers: [
        {
          options: {
            metadata: false,
            tcpFlags: 'formatted',
            timestamp: 'unix',
            protocol: 'raw',
            ignoreUnknown: true,
            nonPrintableChar: false,
          },
          outputs: [{ target: 'udp://127.0.0.1:4444' }],
        },
      ],
      timeNow: true,
    });
  });

  it('reads several collectors and outputs, and files', () => {
    const outputs =
      '<output><type>print</type></output><output><type>send</type><ip>::1</ip><port>5</port><protocol>TCP</protocol></output>';
    const collectors =
      '<udpCollector><localPort>1</localPort><localIPAddress>127.0.0.1</localIPAddress></udpCollector><fileReader><file>file:/tmp/x.ipfix</file></fileReader>';
    expect(parse(collecting(collectors), destination(outputs))).toEqual({
      collectors: [
        { kind: 'udp', host: '127.0.0.1', port: 1 },
        { kind: 'file', file: '/tmp/x.ipfix' },
      ],
      writers: [{ options: unsaid, outputs: [{ target: '-' }, { target: 'tcp://[::1]:5' }] }],
      timeNow: false,
    });
  });

  it('reads files, servers, and what is to happen when a receiver is slow', () => {
    const outputs = [
      '<type>file</type><path>/tmp/flow/%Y/%m/%d/</path><prefix>json.</prefix><dumpInterval><timeWindow>60</timeWindow><timeAlignment>no</timeAlignment></dumpInterval>',
      '<type>file</type><path>/tmp/flow</path>',
      '<type>server</type><port>4800</port><blocking>yes</blocking>',
      '<type>server</type><port>4801</port>',
      '<type>send</type><protocol>tcp</protocol><port>1</port><blocking>no</blocking>',
    ];
    const [writer] = parse(
      tcp,
      destination(outputs.map((text) => `<output>${text}</output>`).join('')),
    ).writers;
    expect(writer.outputs).toEqual([
      { target: '/tmp/flow/%Y/%m/%d/json.%Y%m%d%H%M', rotation: { periodMs: 60_000, aligned: false } },
      { target: '/tmp/flow/%Y%m%d%H%M', rotation: { periodMs: 300_000, aligned: true } },
      { target: 'tcp-listen://127.0.0.1:4800', whenSlow: 'wait' },
      { target: 'tcp-listen://127.0.0.1:4801', whenSlow: 'drop' },
      { target: 'tcp://127.0.0.1:1', whenSlow: 'drop' },
    ]);
  });

  it('reads every option of the lines, each writer its own', () => {
    const options =
      '<metadata>yes</metadata><odid>yes</odid><tcpFlags>raw</tcpFlags><timestamp>formatted</timestamp><protocol>formated</protocol>' +
      '<ignoreUnknown>no</ignoreUnknown><ignoreOptions>no</ignoreOptions><nonPrintableChar>yes</nonPrintableChar>' +
      '<octetArrayAsUint>no</octetArrayAsUint><detailedInfo>yes</detailedInfo><prefix>flow.</prefix>';
    const printing = '<output><type>print</type></output>';
    const two = destination(printing, options).replace(
      '</fileWriter>',
      `</fileWriter><fileWriter><fileFormat>json</fileFormat>${printing}</fileWriter>`,
    );
    expect(parse(tcp, two).writers.map((writer) => writer.options)).toEqual([
      {
        metadata: true,
        odid: true,
        tcpFlags: 'raw',
        timestamp: 'formatted',
        protocol: 'formatted',
        ignoreUnknown: false,
        ignoreOptions: false,
        nonPrintableChar: true,
        octetArrayAsUint: false,
        detailedInfo: true,
        prefix: 'flow.',
      },
      unsaid,
    ]);
  });

  it('opens an exporting process once, however many collecting processes name it', () => {
    expect(parse(tcp, tcp, print).writers).toHaveLength(1);
  });

  it.each<[string, string[], RegExp]>([
    [
      'SCTP',
      [collecting('<sctpCollector/>'), print],
      /^startup\.xml:3: sctpCollector is not supported here; use tcpCollector/,
    ],
    [
      'another plug-in',
      [tcp, print, '<intermediatePlugins><anonymization/></intermediatePlugins>'],
      /:5: the intermediate plug-in anonymization/,
    ],
    [
      'another format',
      [tcp, print.replace('>json</fileFormat>', '>ipfix</fileFormat>')],
      /the file format ipfix is not supported here/,
    ],
    [
      'another value',
      [tcp, destination('<output><type>print</type></output>', '<metadata>all</metadata>')],
      /startup\.xml:4: metadata is one of .*yes.* here, not "all"/,
    ],
    [
      'another option',
      [tcp, destination('<output><type>print</type></output>', '<whiteSpaces>no</whiteSpaces>')],
      /the option whiteSpaces is not supported/,
    ],
    [
      'another output',
      [tcp, destination('<output><type>kafka</type></output>')],
      /the output kafka is not supported here; print, send, file, server are/,
    ],
    [
      'SCTP as a transport',
      [tcp, destination('<output><type>send</type><protocol>SCTP</protocol></output>')],
      /the protocol sctp is not supported here; udp and tcp are/,
    ],
    [
      'an option of another output',
      [tcp, destination('<output><type>print</type><port>1</port></output>')],
      /port in the output print is not supported here/,
    ],
    [
      'a file without a path',
      [tcp, destination('<output><type>file</type></output>')],
      /the output file names no path/,
    ],
    [
      'a window that is too short',
      [
        tcp,
        destination(
          '<output><type>file</type><path>x</path><dumpInterval><timeWindow>5</timeWindow></dumpInterval></output>',
        ),
      ],
      /timeWindow is a whole number of seconds from 60/,
    ],
    [
      'neither yes nor no',
      [tcp, destination('<output><type>server</type><blocking>maybe</blocking></output>')],
      /blocking is yes or no, not maybe/,
    ],
    ['no output', [tcp, destination('')], /the fileWriter has no output/],
    [
      'TLS, which must not be left out silently',
      [collecting('<tcpCollector><transportLayerSecurity/></tcpCollector>'), print],
      /transportLayerSecurity in tcpCollector is not supported here/,
    ],
    [
      'a choice of observation domains',
      [tcp, print.replace('<destination>', '<destination><observationDomainId>5</observationDomainId>')],
      /observationDomainId in a destination/,
    ],
    ['a missing exporter', [tcp], /there is no exporting process named json/],
    ['no collector', [print], /no collecting process with a collector/],
    [
      'a wrong port',
      [collecting('<tcpCollector><localPort>x</localPort></tcpCollector>'), print],
      /localPort is no port/,
    ],
    ['an unknown element', [tcp, print, '<observationPoint/>'], /:5: observationPoint is not supported here/],
  ])('refuses %s by name and line', (_what, parts, message) => {
    expect(() => parse(...parts)).toThrow(message);
  });

  it.each([
    ['<a', /startup\.xml:1: /],
    ['<ipfix></other>', /startup\.xml:1: /],
    ['', /startup\.xml:1: /],
    ['<!DOCTYPE x [<!ENTITY a "b">]><ipfix>&a;</ipfix>', /document type declaration/],
    ['<ipfix>&lol;</ipfix>', /startup\.xml:1: /],
    ['<a>'.repeat(40), /nested more than 32 deep/],
    [`<ipfix>${' '.repeat(1 << 20)}</ipfix>`, /larger than 1 MiB/],
  ])('refuses %s', (text, message) => {
    expect(() => parseStartupFile(text, 'startup.xml')).toThrow(message);
  });

  it('ends in a FlowpactError for any text', () => {
    const words = fc.constantFrom(
      '<ipfix>',
      '</ipfix>',
      '<name>',
      '</name>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '<?x?>',
      'a',
      '"',
      '<tcpCollector/>',
      tcp,
      print,
    );
    const soup = fc.oneof(
      fc.string(),
      fc.array(words).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(soup, (text) => {
        try {
          parseStartupFile(text, 'x');
        } catch (error) {
          if (!(error instanceof FlowpactError)) throw error;
        }
      }),
    );
  });
});
