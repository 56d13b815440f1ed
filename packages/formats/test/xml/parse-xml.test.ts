import { describe, expect, it } from 'vitest';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { parseXml, xmlHeadOf } from '../../src/xml/parse-xml.ts';
import { writeXml } from '../../src/xml/write-xml.ts';
import { type XmlElement, xml } from '../../src/xml/xml-element.ts';
import { elementOf } from '../../src/xml/xml-mapping.ts';

const parse = (text: string | Uint8Array, limits = {}) =>
  parseXml(typeof text === 'string' ? new TextEncoder().encode(text) : text, {
    ...defaultFormatsLimits,
    ...limits,
  });

describe('XML', () => {
  it.each([
    [
      'an entity bomb',
      '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
      'FORMATS_FORBIDDEN',
    ],
    [
      'an external entity',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      'FORMATS_FORBIDDEN',
    ],
    ['an entity from nowhere', '<a>&x;</a>', 'FORMATS_BAD_SYNTAX'],
    ['an element left open', '<a>', 'FORMATS_BAD_SYNTAX'],
    ['nothing', '', 'FORMATS_BAD_SYNTAX'],
    ['many prefixes of no namespace', '<a:a><b:b><c:c><d:d><e:e><f:f><g:g><h:h><i:i/>', 'FORMATS_BAD_SYNTAX'],
    ['deep nesting', '<a>'.repeat(65), 'FORMATS_LIMIT'],
    ['octets that are no UTF-8', Uint8Array.of(0x3c, 0xff, 0x3e), 'FORMATS_BAD_ENCODING'],
    ['an encoding that is none', '<?xml version="1.0" encoding="klingon"?><a/>', 'FORMATS_BAD_ENCODING'],
  ])('refuses %s', (_name, text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
  });

  it('bounds the number of elements and attributes', () => {
    expect(() => parse('<a><b/><b c="1"/></a>', { maxNodes: 3 })).toThrow(/maxNodes/);
    expect(parse('<a><b/><b c="1"/></a>', { maxNodes: 4 }).children).toHaveLength(2);
  });

  it('says where', () => {
    expect(() => parse('<a>\n<b></a>')).toThrow(
      expect.objectContaining({ place: expect.stringMatching(/^line 2, /) }),
    );
  });

  it('passes over a document type that declares nothing', () => {
    expect(parse('<!DOCTYPE a PUBLIC "-//IETF//DTD RFC XXXX IDMEF v1.0//EN" "x.dtd"><a/>').name).toBe('a');
  });

  it('reads other encodings', () => {
    const latin1 = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1');
    expect(parse(latin1).text).toBe('é');
    expect(parse(Buffer.from('\ufeff<a>é</a>', 'utf16le')).text).toBe('é');
    expect(parse(Buffer.from('<?xml version="1.0"?><a>é</a>', 'utf16le')).text).toBe('é');
    expect(parse(Buffer.from('<a>é</a>', 'utf16le').swap16()).text).toBe('é');
    expect(parse('<?xml version="1.0" encoding="UTF-16"?><a>é</a>').text).toBe('é');
  });

  it('passes over space and byte order marks before the document', () => {
    expect(parse('\ufeff\ufeff\r\n <?xml version="1.0"?><a/>').name).toBe('a');
  });

  it('reads prefixes that are not declared', () => {
    const root = parse('<x:a y:b="1"><x:c xmlns:x="urn:n"/></x:a>');
    expect(root).toMatchObject({ name: 'a', namespace: '', attributes: new Map([['b', '1']]) });
    expect(root.children[0]).toMatchObject({ name: 'c', namespace: 'urn:n' });
  });

  it('knows an element wherever a character is cut', () => {
    for (const shift of ['', ' ', '  ']) {
      const text = `<x:a xmlns:x="urn:n">${shift}${'€'.repeat(4096)}</x:a>`;
      expect(xmlHeadOf(new TextEncoder().encode(text), 'a')).toEqual({ name: 'a', namespace: 'urn:n' });
    }
    expect(xmlHeadOf(new TextEncoder().encode('no XML'), 'a')).toBeUndefined();
    expect(xmlHeadOf(new TextEncoder().encode('<b><a version="2"/></b>'), 'a')).toMatchObject({
      version: '2',
    });
    expect(xmlHeadOf(new TextEncoder().encode('<b><a version="2"/></b>'), 'c')).toBeUndefined();
  });

  it('reads in memory what it would read in the text', () => {
    const text = ' <a href="x">&amp;\t\r\n]]> \u0001 é 😀 ';
    const node = xml('a', { xmlns: 'urn:n', b: text }, xml('d', { e: '\ufffe' }, text), [xml('e')]);
    const read = parse(writeXml(node));
    const inMemory = elementOf(node);
    const shape = ({ name, namespace, attributes, children, text: content }: XmlElement): unknown => ({
      name,
      namespace,
      attributes,
      children: children.map(shape),
      text: children.length === 0 ? content : '',
    });
    expect(shape(inMemory)).toEqual(shape(read));
  });

  it('gives back what is written', () => {
    const text = ' <a href="x">&amp;\t\r\n]]> é 😀 ';
    const root = parse(
      writeXml(xml('a', { b: text, c: undefined }, xml('d', {}, text), undefined, [xml('e')])),
    );
    expect(root.attributes).toEqual(new Map([['b', text]]));
    expect(root.children.map(({ name, text: content }) => [name, content])).toEqual([
      ['d', text],
      ['e', ''],
    ]);
    expect(parse(writeXml(xml('a', {}, 'x\u0000\uffffy'))).text).toBe('x\ufffd\ufffdy');
  });
});
