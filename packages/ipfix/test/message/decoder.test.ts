import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createObjectReader,
  type DecodeIssue,
  type DecoderLimits,
  type FieldSelection,
  IpfixError,
  type RecordReader,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from './message-octets.ts';

const protocolAndPort: readonly FieldSelection[] = [
  { name: 'protocol', elements: [{ pen: 0, id: 4 }], as: 'native' },
  { name: 'port', elements: [{ pen: 0, id: 7 }], as: 'native' },
  { name: 'url', elements: [{ pen: 39499, id: 2 }], as: 'native' },
];

function setUp(limits: Partial<DecoderLimits> = {}) {
  const records: object[] = [];
  const issues: DecodeIssue[] = [];
  const reader = createObjectReader(
    { fields: protocolAndPort, kinds: ['data', 'options'] },
    { onRecord: (record) => records.push(record) },
  );
  const decoder = createFlowDecoder({ limits }, { reader, onIssue: (issue) => issues.push(issue) });
  return { decoder, records, issues, codes: () => issues.map(({ code }) => code) };
}

/** Template 256: protocol and source port. */
const template256 = setOctets(
  2,
  templateOctets(256, [
    [4, 1],
    [7, 2],
  ]),
);

describe('templates and data', () => {
  it('reads the records of a set by its template, and the header', () => {
    const headers: unknown[] = [];
    const records: object[] = [];
    const reader = createObjectReader(
      { fields: protocolAndPort },
      {
        onRecord(record, header) {
          records.push(record);
          headers.push(header);
        },
      },
    );
    const decoder = createFlowDecoder({}, { reader });
    const data = setOctets(256, hex('06 0050 11 0035'));
    decoder.decode(messageOctets({ exportTime: 1700000001, sequenceNumber: 9 }, template256, data));
    expect(records).toEqual([
      { protocol: 6, port: 80, url: null },
      { protocol: 17, port: 53, url: null },
    ]);
    expect(headers[0]).toMatchObject({
      version: 10,
      length: 16 + template256.length + data.length,
      exportTime: 1700000001,
      sequenceNumber: 9,
      observationDomainId: 1,
      exportTimeMs: 1700000001000,
      sysUpTimeMs: undefined,
      sampling: 0,
    });
    expect(decoder.stats).toMatchObject({ messages: 1, records: 2, templates: 1, malformedMessages: 0 });
  });

  it('describes the templates it knows', () => {
    const { decoder } = setUp();
    const options = setOctets(
      3,
      templateOctets(
        257,
        [
          [149, 4],
          [40, 8],
        ],
        1,
      ),
    );
    decoder.decode(
      messageOctets(
        {},
        setOctets(
          2,
          templateOctets(256, [
            [4, 1],
            [2, 65535, 39499],
          ]),
        ),
        options,
      ),
    );
    expect(decoder.templates()).toMatchObject([
      {
        kind: 'data',
        id: 256,
        observationDomainId: 1,
        scopeFieldCount: 0,
        minRecordLength: 2,
        fixedLength: false,
        fields: [
          { pen: 0, id: 4, length: 1, element: { name: 'protocolIdentifier' } },
          { pen: 39499, id: 2, length: 65535, element: { name: 'httpUrl' } },
        ],
      },
      { kind: 'options', id: 257, scopeFieldCount: 1, minRecordLength: 12, fixedLength: true },
    ]);
  });

  it('counts options records apart', () => {
    const { decoder, records } = setUp();
    const options = setOctets(
      3,
      templateOctets(
        300,
        [
          [4, 1],
          [7, 2],
        ],
        1,
      ),
    );
    decoder.decode(messageOctets({}, options, setOctets(300, hex('060050'))));
    expect(decoder.stats).toMatchObject({ records: 0, optionsRecords: 1 });
    expect(records).toEqual([{ protocol: 6, port: 80, url: null }]);
  });

  it('reads several templates in one set and ignores padding behind sets of all kinds', () => {
    const { decoder, records, codes } = setUp();
    const templates = [
      ...templateOctets(256, [
        [4, 1],
        [7, 2],
      ]),
      ...templateOctets(257, [[7, 4]]),
      0,
      0,
      0,
    ];
    decoder.decode(
      messageOctets(
        {},
        setOctets(2, templates),
        setOctets(256, hex('060050 0000')),
        setOctets(257, hex('00000051 00')),
      ),
    );
    expect(records).toEqual([
      { protocol: 6, port: 80, url: null },
      { protocol: null, port: 81, url: null },
    ]);
    expect(codes()).toEqual([]);
  });

  it('takes zeros behind templates for padding even where they are as long as a record', () => {
    const { decoder, codes } = setUp();
    decoder.decode(
      messageOctets({}, setOctets(2, [...templateOctets(256, [[4, 1]]), ...hex('00000000 0000')])),
    );
    expect(codes()).toEqual([]);
    expect(decoder.stats.templateWithdrawals).toBe(0);
  });

  it('reads variable lengths of 1 and of 3 octets, and empty ones', () => {
    const { decoder, records } = setUp();
    const template = setOctets(
      2,
      templateOctets(256, [
        [4, 1],
        [2, 65535, 39499],
        [7, 2],
      ]),
    );
    const long = Array.from({ length: 300 }, () => 0x61);
    const data = [
      ...hex('06 03 2f6162 0050'),
      ...hex('06 ff 012c'),
      ...long,
      ...hex('0051'),
      ...hex('06 ff 0001 7a 0052'),
      ...hex('06 00 0053'),
    ];
    decoder.decode(messageOctets({}, template, setOctets(256, data)));
    expect(records).toEqual([
      { protocol: 6, url: '/ab', port: 80 },
      { protocol: 6, url: 'a'.repeat(300), port: 81 },
      { protocol: 6, url: 'z', port: 82 },
      { protocol: 6, url: '', port: 83 },
    ]);
  });

  it('keeps templates of observation domains apart', () => {
    const { decoder, records, codes } = setUp();
    decoder.decode(messageOctets({ observationDomainId: 1 }, template256));
    decoder.decode(messageOctets({ observationDomainId: 2 }, setOctets(2, templateOctets(256, [[7, 2]]))));
    decoder.decode(messageOctets({ observationDomainId: 1 }, setOctets(256, hex('060050'))));
    decoder.decode(messageOctets({ observationDomainId: 2 }, setOctets(256, hex('0051'))));
    decoder.decode(messageOctets({ observationDomainId: 3 }, setOctets(256, hex('0051'))));
    expect(records).toEqual([
      { protocol: 6, port: 80, url: null },
      { protocol: null, port: 81, url: null },
    ]);
    expect(codes()).toEqual(['IPFIX_TEMPLATE_MISSING']);
    expect(decoder.stats.unknownTemplateSets).toBe(1);
    expect([...decoder.stats.domains.keys()]).toEqual([1, 2, 3]);
  });

  it('redefines a template', () => {
    const { decoder, records } = setUp();
    decoder.decode(messageOctets({}, template256, setOctets(256, hex('060050'))));
    decoder.decode(
      messageOctets(
        { sequenceNumber: 1 },
        setOctets(2, templateOctets(256, [[7, 2]])),
        setOctets(256, hex('0051')),
      ),
    );
    expect(records).toEqual([
      { protocol: 6, port: 80, url: null },
      { protocol: null, port: 81, url: null },
    ]);
    expect(decoder.templates().length).toBe(1);
  });

  it('compiles a repeated template once', () => {
    let compiled = 0;
    const reader: RecordReader = {
      compile() {
        compiled++;
        return () => 0;
      },
    };
    const decoder = createFlowDecoder({}, { reader });
    for (let i = 0; i < 3; i++) decoder.decode(messageOctets({}, template256, setOctets(256, hex('060050'))));
    expect(compiled).toBe(1);
    expect(decoder.stats).toMatchObject({ templates: 3, records: 3 });
  });

  it('withdraws one template, and all of one kind', () => {
    const { decoder } = setUp();
    const ids = () => decoder.templates().map(({ id }) => id);
    const define = () =>
      decoder.decode(
        messageOctets(
          {},
          setOctets(2, [...templateOctets(256, [[4, 1]]), ...templateOctets(257, [[4, 1]])]),
          setOctets(3, templateOctets(258, [[4, 1]], 1)),
        ),
      );
    define();
    decoder.decode(messageOctets({}, setOctets(2, hex('0100 0000'))));
    expect(ids()).toEqual([257, 258]);
    define();
    decoder.decode(messageOctets({}, setOctets(2, hex('0002 0000'))));
    expect(ids()).toEqual([258]);
    define();
    decoder.decode(messageOctets({}, setOctets(3, hex('0003 0000'))));
    expect(ids().sort()).toEqual([256, 257]);
    expect(decoder.stats.templateWithdrawals).toBe(3);
  });

  it('counts records that the reader is not interested in', () => {
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    decoder.decode(messageOctets({}, template256, setOctets(256, hex('060050 110035'))));
    expect(decoder.stats.records).toBe(2);
  });

  it('lets what a reader throws pass', () => {
    const reader = createObjectReader(
      { fields: protocolAndPort },
      {
        onRecord() {
          throw new RangeError('no room');
        },
      },
    );
    const decoder = createFlowDecoder({}, { reader });
    expect(() => decoder.decode(messageOctets({}, template256, setOctets(256, hex('060050'))))).toThrow(
      'no room',
    );
  });
});

describe('malformed input', () => {
  it('skips what is no IPFIX message', () => {
    const { decoder, codes } = setUp();
    decoder.decode(new Uint8Array(0));
    decoder.decode(Uint8Array.from(hex('000a 000f 000000 00000000 00000000')));
    decoder.decode(Uint8Array.from(hex('0005')));
    decoder.decode(Uint8Array.from(hex('0002 0010 00000000 00000000 00000000')));
    expect(codes()).toEqual([
      'IPFIX_MESSAGE_TOO_SHORT',
      'IPFIX_MESSAGE_TOO_SHORT',
      'IPFIX_MESSAGE_TOO_SHORT',
      'IPFIX_MESSAGE_VERSION',
    ]);
    expect(decoder.stats).toMatchObject({ messages: 4, malformedMessages: 4 });
  });

  it('reads a cut message as far as its sets are whole', () => {
    const { decoder, records, codes } = setUp();
    const message = messageOctets(
      {},
      template256,
      setOctets(256, hex('060050')),
      setOctets(256, hex('060051')),
    );
    decoder.decode(message.subarray(0, message.length - 1));
    expect(records).toEqual([{ protocol: 6, port: 80, url: null }]);
    expect(codes()).toEqual(['IPFIX_MESSAGE_LENGTH', 'IPFIX_SET_LENGTH']);
  });

  it('reads a message with something behind it', () => {
    const { decoder, records, codes } = setUp();
    const message = messageOctets({}, template256, setOctets(256, hex('060050')));
    decoder.decode(Uint8Array.from([...message, ...setOctets(256, hex('060051'))]));
    expect(records.length).toBe(1);
    expect(codes()).toEqual(['IPFIX_MESSAGE_LENGTH']);
  });

  it.each([
    ['0100 0000', 'length 0'],
    ['0100 0003', 'length 3'],
    ['0100 0009 01', 'a length beyond the message'],
    ['0100', 'half a header'],
  ])('ends the message at a set of %s (%s)', (octets) => {
    const { decoder, records, issues, codes } = setUp();
    decoder.decode(messageOctets({}, template256, setOctets(256, hex('060050')), hex(octets)));
    expect(records.length).toBe(1);
    expect(codes()).toEqual(['IPFIX_SET_LENGTH']);
    expect(issues[0]).toMatchObject({ offset: 16 + template256.length + 7, observationDomainId: 1 });
  });

  it('skips reserved sets and goes on', () => {
    const { decoder, records, codes } = setUp();
    decoder.decode(
      messageOctets({}, setOctets(0, [1, 2]), setOctets(255, []), template256, setOctets(256, hex('060050'))),
    );
    expect(codes()).toEqual(['IPFIX_SET_RESERVED', 'IPFIX_SET_RESERVED']);
    expect(records.length).toBe(1);
  });

  it('keeps the templates in front of a malformed one, and goes on with the next set', () => {
    const { decoder, records, issues } = setUp();
    const set = setOctets(2, [
      ...templateOctets(256, [
        [4, 1],
        [7, 2],
      ]),
      ...hex('0101 0005 0004 0001'),
    ]);
    decoder.decode(messageOctets({}, set, setOctets(256, hex('060050'))));
    expect(records.length).toBe(1);
    expect(issues).toEqual([
      {
        code: 'IPFIX_TEMPLATE_MALFORMED',
        message: 'template set: the set ends within field 2 of 5',
        observationDomainId: 1,
        templateId: 257,
        offset: 32,
      },
    ]);
    expect(decoder.stats.malformedSets).toBe(1);
  });

  it.each([
    [2, '00ff 0001 0004 0001', 'template id 255 is below 256'],
    [2, '0100 0001 8004 0001 0000', 'the set ends within field 1 of 1'],
    [2, '0007 0000', 'withdrawal of template id 7'],
    [3, '0100 0001', 'the set ends before the scope field count'],
    [3, '0100 0001 0002 0004 0001', '2 scope fields are more than 1 fields'],
  ])('finds the fault in set %i of %s', (setId, octets, reason) => {
    const { decoder, issues } = setUp();
    decoder.decode(messageOctets({}, setOctets(setId, hex(octets))));
    expect(issues[0].code).toBe('IPFIX_TEMPLATE_MALFORMED');
    expect(issues[0].message).toContain(reason);
    expect(decoder.templates()).toEqual([]);
  });

  it('reads the records in front of one that overruns its set', () => {
    const { decoder, records, issues } = setUp();
    const template = setOctets(2, templateOctets(256, [[2, 65535, 39499]]));
    decoder.decode(messageOctets({}, template, setOctets(256, hex('0161 0562'))));
    expect(records).toEqual([{ protocol: null, port: null, url: 'a' }]);
    expect(issues).toMatchObject([
      { code: 'IPFIX_RECORD_OVERRUN', templateId: 256, offset: 16 + template.length + 6 },
    ]);
  });

  it.each(['ff', 'ff 01', 'ff 0100', '01'])('survives a length that is cut off: %s', (octets) => {
    const { decoder, codes } = setUp();
    const template = setOctets(2, templateOctets(256, [[2, 65535, 39499]]));
    decoder.decode(messageOctets({}, template, setOctets(256, hex(octets))));
    expect(codes()).toEqual(['IPFIX_RECORD_OVERRUN']);
  });

  it('does not keep templates whose records have no octets', () => {
    const { decoder, codes } = setUp();
    const set = setOctets(
      2,
      templateOctets(256, [
        [4, 0],
        [7, 0],
      ]),
    );
    decoder.decode(messageOctets({}, set, setOctets(256, hex('060050'))));
    expect(codes()).toEqual(['IPFIX_TEMPLATE_EMPTY', 'IPFIX_TEMPLATE_MISSING']);
    expect(decoder.stats).toMatchObject({ refusedTemplates: 1, records: 0 });
  });

  it('takes a field without octets for absent', () => {
    const { decoder, records } = setUp();
    const set = setOctets(
      2,
      templateOctets(256, [
        [4, 0],
        [2, 0, 39499],
        [7, 2],
      ]),
    );
    decoder.decode(messageOctets({}, set, setOctets(256, hex('0050'))));
    expect(records).toEqual([{ protocol: null, port: 80, url: null }]);
  });
});

describe('sequence numbers', () => {
  const message = (sequenceNumber: number, records: number) =>
    messageOctets(
      { sequenceNumber },
      setOctets(
        256,
        Array.from({ length: 3 * records }, () => 1),
      ),
    );

  function start() {
    const used = setUp();
    used.decoder.decode(messageOctets({ sequenceNumber: 5 }, template256));
    return used;
  }

  it('go on with each data record', () => {
    const { decoder, codes } = start();
    decoder.decode(message(5, 2));
    decoder.decode(message(7, 1));
    decoder.decode(message(8, 1));
    expect(codes()).toEqual([]);
  });

  it('show lost records', () => {
    const { decoder, issues } = start();
    decoder.decode(message(5, 2));
    decoder.decode(message(17, 1));
    expect(issues[0].message).toBe('10 records lost: sequence number 17 instead of 7');
    expect(decoder.stats).toMatchObject({ sequenceGaps: 1, lostRecords: 10, sequenceResets: 0 });
    expect(decoder.stats.domains.get(1)).toMatchObject({ records: 3, sequenceGaps: 1, lostRecords: 10 });
  });

  it('that go back are no loss', () => {
    const { decoder, codes } = start();
    decoder.decode(message(5, 2));
    decoder.decode(message(5, 2));
    decoder.decode(message(7, 1));
    expect(codes()).toEqual([]);
    expect(decoder.stats).toMatchObject({
      sequenceGaps: 0,
      lostRecords: 0,
      sequenceResets: 0,
      repeatedMessages: 1,
    });
  });

  it('that go on elsewhere show a restart', () => {
    const { decoder, codes } = start();
    decoder.decode(message(5, 2));
    decoder.decode(message(0, 2));
    decoder.decode(message(2, 2));
    decoder.decode(message(4, 2));
    expect(codes()).toEqual([]);
    expect(decoder.stats).toMatchObject({ lostRecords: 0, sequenceResets: 1, repeatedMessages: 1 });
  });

  it('of late messages give back what seemed lost', () => {
    const { decoder, codes } = start();
    decoder.decode(message(5, 2));
    decoder.decode(message(11, 1));
    expect(decoder.stats).toMatchObject({ sequenceGaps: 1, lostRecords: 4 });
    decoder.decode(message(7, 3));
    decoder.decode(message(12, 1));
    expect(codes()).toEqual(['IPFIX_SEQUENCE_GAP']);
    expect(decoder.stats).toMatchObject({
      sequenceGaps: 1,
      lostRecords: 1,
      lateMessages: 1,
      repeatedMessages: 0,
    });
  });

  it('wrap at 2^32', () => {
    const { decoder, codes } = setUp();
    decoder.decode(
      messageOctets({ sequenceNumber: 0xffffffff }, template256, setOctets(256, hex('060050 060050'))),
    );
    decoder.decode(message(1, 1));
    expect(codes()).toEqual([]);
    expect(decoder.stats.sequenceResets).toBe(0);
  });

  it('are not judged behind a set that could not be counted', () => {
    const { decoder, codes } = start();
    decoder.decode(messageOctets({ sequenceNumber: 5 }, setOctets(999, [1, 2, 3])));
    decoder.decode(message(8, 1));
    expect(codes()).toEqual(['IPFIX_TEMPLATE_MISSING']);
  });
});

describe('limits', () => {
  it('refuse further observation domains', () => {
    const { decoder, codes } = setUp({ maxDomains: 2 });
    for (const observationDomainId of [1, 2, 3, 1])
      decoder.decode(messageOctets({ observationDomainId }, template256));
    expect(codes()).toEqual(['IPFIX_LIMIT_DOMAINS']);
    expect(decoder.stats.refusedMessages).toBe(1);
    expect(decoder.stats.domains.size).toBe(2);
  });

  it('refuse further templates, but not other ones for a known id', () => {
    const { decoder, codes } = setUp({ maxTemplatesPerDomain: 2 });
    const define = (id: number, length: number) =>
      decoder.decode(messageOctets({}, setOctets(2, templateOctets(id, [[1, length]]))));
    define(256, 8);
    define(257, 8);
    define(258, 8);
    define(257, 4);
    expect(codes()).toEqual(['IPFIX_LIMIT_TEMPLATES']);
    expect(decoder.templates().map(({ id }) => id)).toEqual([256, 257]);
    expect(decoder.stats.refusedTemplates).toBe(1);
  });

  it('refuse long templates', () => {
    const { decoder, codes } = setUp({ maxFieldsPerTemplate: 2 });
    decoder.decode(
      messageOctets(
        {},
        template256,
        setOctets(
          2,
          templateOctets(257, [
            [1, 8],
            [2, 8],
            [4, 1],
          ]),
        ),
      ),
    );
    expect(codes()).toEqual(['IPFIX_LIMIT_FIELDS']);
    expect(decoder.templates().map(({ id }) => id)).toEqual([256]);
  });

  it('bound the fields of all templates, of all domains, and see them freed', () => {
    const { decoder, codes } = setUp({ maxFieldsPerSession: 2 * (8 + 2) });
    decoder.decode(messageOctets({ observationDomainId: 1 }, template256));
    decoder.decode(messageOctets({ observationDomainId: 2 }, template256));
    decoder.decode(messageOctets({ observationDomainId: 3 }, template256));
    expect(codes()).toEqual(['IPFIX_LIMIT_FIELDS']);
    decoder.decode(messageOctets({ observationDomainId: 1 }, setOctets(2, hex('0100 0000'))));
    decoder.decode(messageOctets({ observationDomainId: 3 }, template256));
    expect(decoder.templates().map(({ observationDomainId }) => observationDomainId)).toEqual([2, 3]);
  });

  it('drop the template that a refused one would have replaced: it would misread what follows', () => {
    const { decoder, records } = setUp({ maxFieldsPerTemplate: 2 });
    decoder.decode(messageOctets({}, template256));
    const longer = setOctets(
      2,
      templateOctets(256, [
        [7, 2],
        [4, 1],
        [6, 1],
      ]),
    );
    decoder.decode(messageOctets({}, longer, setOctets(256, hex('005006ff'))));
    expect(records).toEqual([]);
    expect(decoder.stats.unknownTemplateSets).toBe(1);
  });

  it('have to be positive', () => {
    const make = () =>
      createFlowDecoder({ limits: { maxDomains: 0 } }, { reader: { compile: () => undefined } });
    expect(make).toThrow(IpfixError);
    expect(make).toThrow('limits.maxDomains is 0');
  });
});
