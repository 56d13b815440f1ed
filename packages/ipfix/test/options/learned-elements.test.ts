import { describe, expect, it } from 'vitest';
import { createFlowDecoder, createLineReader, createObjectReader } from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';

const pen = 4242;
const typeTemplate = setOctets(
  3,
  templateOctets(
    400,
    [
      [346, 4],
      [303, 2],
      [339, 1],
      [344, 1],
      [345, 2],
      [341, 65535],
    ],
    2,
  ),
);

/** A type information record (RFC 5610 section 3). */
const describeElement = (id: number, type: number, name: string, enterprise = pen) =>
  setOctets(400, [
    ...hex(enterprise.toString(16).padStart(8, '0')),
    ...hex(id.toString(16).padStart(4, '0')),
    type,
    4,
    0,
    1,
    name.length,
    ...Buffer.from(name),
  ]);

const dataTemplate = setOctets(2, templateOctets(256, [[7, 2, pen]]));
const data = setOctets(256, hex('0050'));

function setUp(maxLearnedElements = 10) {
  const lines: Record<string, unknown>[] = [];
  const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(JSON.parse(line)) });
  const open = () => createFlowDecoder({ limits: { maxLearnedElements } }, { reader });
  return { lines, open, last: () => lines.at(-1) };
}

describe('type information records', () => {
  it('name elements of templates that come after them, before them, and not those of other sessions', () => {
    const { open, last } = setUp();
    const decoder = open();
    decoder.decode(messageOctets({}, dataTemplate, data));
    expect(last()).toHaveProperty('e4242id7', '0050');
    decoder.decode(messageOctets({}, typeTemplate, describeElement(7, 2, 'acmePort'), data));
    expect(last()).toHaveProperty('acmePort', 80);
    expect(decoder.templates()[0].fields[0].element).toMatchObject({
      pen,
      id: 7,
      name: 'acmePort',
      dataType: 'unsigned16',
      semantics: 'identifier',
      units: 'bits',
    });
    const other = open();
    other.decode(messageOctets({}, dataTemplate, data));
    expect(last()).toHaveProperty('e4242id7', '0050');
    other.decode(messageOctets({}, typeTemplate, describeElement(0x8007, 13, 'acmeName'), data));
    expect(last()).toHaveProperty('acmeName');
    decoder.decode(messageOctets({ observationDomainId: 2 }, dataTemplate, data));
    expect(last()).toHaveProperty('acmePort', 80);
  });

  it('may be corrected', () => {
    const { open, last } = setUp();
    const decoder = open();
    decoder.decode(messageOctets({}, typeTemplate, describeElement(7, 2, 'acmePort'), dataTemplate, data));
    decoder.decode(messageOctets({}, describeElement(7, 2, 'acmeDoor'), data));
    expect(last()).toHaveProperty('acmeDoor', 80);
  });

  it('cannot rename what the registry knows', () => {
    const { open, last } = setUp();
    const decoder = open();
    decoder.decode(
      messageOctets({}, typeTemplate, describeElement(7, 2, 'mine', 0), describeElement(2, 2, 'mine', 39499)),
    );
    decoder.decode(
      messageOctets(
        {},
        setOctets(
          2,
          templateOctets(257, [
            [7, 2],
            [2, 1, 39499],
          ]),
        ),
        setOctets(257, hex('005061')),
      ),
    );
    expect(last()).toMatchObject({ sourceTransportPort: 80, httpUrl: 'a' });
  });

  it.each([
    ['__proto__', 2],
    ['', 2],
    ['a b', 2],
    ['"', 2],
    ['x'.repeat(129), 2],
    ['fine', 23],
  ])('with the name %s or type %i are not taken', (name, type) => {
    const { open, last } = setUp();
    open().decode(messageOctets({}, typeTemplate, describeElement(7, type, name), dataTemplate, data));
    expect(last()).toHaveProperty('e4242id7');
  });

  it('are bounded', () => {
    const { open, last } = setUp(1);
    const decoder = open();
    decoder.decode(
      messageOctets({}, typeTemplate, describeElement(1, 2, 'first'), describeElement(7, 2, 'second')),
    );
    decoder.decode(messageOctets({}, dataTemplate, data));
    expect(last()).toHaveProperty('e4242id7');
  });

  it('let object readers read the type that they tell', () => {
    const records: object[] = [];
    const fields = [{ name: 'port', elements: [{ pen, id: 7 }], as: 'native' }] as const;
    const reader = createObjectReader({ fields }, { onRecord: (record) => records.push(record) });
    const decoder = createFlowDecoder({}, { reader });
    decoder.decode(
      messageOctets({}, dataTemplate, data, typeTemplate, describeElement(7, 2, 'acmePort'), data),
    );
    expect(records).toEqual([{ port: Uint8Array.of(0, 80) }, { port: 80 }]);
  });
});
