import type { Message } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import {
  detectFormat,
  type FormatName,
  FormatsError,
  findFormat,
  messagesWithin,
  writeXarfBulk,
} from '../src/index.ts';
import { sampleMessage } from './sample-message.ts';

const messages: readonly Message[] = ['17', '18', '19'].map((id) => ({ ...sampleMessage, id }));
const encoded = (name: FormatName) => messages.map((message) => findFormat(name).encode(message).bytes);
const texts = (name: FormatName) => encoded(name).map((bytes) => new TextDecoder().decode(bytes));
const octets = (text: string) => new TextEncoder().encode(text);

/** The elements of this name in each of the documents, all of them in the first document. */
function inOneDocument(name: FormatName, element: string): Uint8Array {
  const pattern = new RegExp(` *<${element}[ >][\\s\\S]*</${element}>\\n`);
  const documents = texts(name);
  const elements = documents.map((text) => pattern.exec(text)?.[0]);
  return octets(documents[0].replace(pattern, () => elements.join('')));
}

function inEnvelope(name: FormatName): Uint8Array {
  return octets(`<all>${texts(name).map((text) => text.replace(/^<\?xml.*\n/, ''))}</all>`);
}

function inBundle(): Uint8Array {
  const objects = texts('stix').flatMap((text) => JSON.parse(text).objects as { id: string }[]);
  const each = [...new Map(objects.map((object) => [object.id, object])).values()];
  return octets(JSON.stringify({ type: 'bundle', id: 'bundle--1', objects: each }));
}

/** The parts of the mails that have this in them, all in the first mail. */
function inOneMail(name: FormatName, mark: string): Uint8Array {
  const mails = encoded(name).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const partOf = (mail: string) => {
    const boundary = /boundary="([^"]+)"/.exec(mail)?.[1];
    return (
      mail.split(`--${boundary}`).find((part) => part.includes(mark) && !part.includes('boundary=')) ?? ''
    );
  };
  const [first] = mails;
  const boundary = /boundary="([^"]+)"/.exec(first)?.[1];
  const all = mails.map(partOf).join(`--${boundary}`);
  return Buffer.from(
    first.replace(partOf(first), () => all),
    'latin1',
  );
}

function forwarded(mails: readonly Uint8Array[]): Uint8Array {
  const parts = mails.map(
    (mail) => `Content-Type: message/rfc822\r\n\r\n${Buffer.from(mail).toString('latin1')}`,
  );
  return Buffer.from(
    `From: a@isp-a.example\r\nContent-Type: multipart/mixed; boundary=next\r\n\r\n--next\r\n\r\nSee these\r\n--next\r\n${parts.join('\r\n--next\r\n')}\r\n--next--\r\n`,
    'latin1',
  );
}

const jsonFormats = ['json', 'idea', 'stix', 'misp', 'xarf4'] as const;
const documents: readonly (readonly [string, FormatName, Uint8Array])[] = [
  ...jsonFormats.flatMap((name): readonly [string, FormatName, Uint8Array][] => [
    [`a list of ${name}`, name, octets(`[${texts(name)}]`)],
    [`lines of ${name}`, name, octets(texts(name).join('\r\n'))],
  ]),
  ['Incidents of IODEF 1', 'iodef1', inOneDocument('iodef1', 'Incident')],
  ['Incidents of IODEF 2', 'iodef2', inOneDocument('iodef2', 'Incident')],
  ['IODEF documents in an envelope', 'iodef2', inEnvelope('iodef2')],
  ['Alerts of IDMEF', 'idmef', inOneDocument('idmef', 'Alert')],
  ['IDMEF messages in an envelope', 'idmef', inEnvelope('idmef')],
  ['a STIX bundle of several sightings', 'stix', inBundle()],
  ['the answer of MISP to a search', 'misp', octets(`{"response":[${texts('misp')}]}`)],
  ['X-ARF BULK', 'xarf', writeXarfBulk(encoded('xarf'))],
  ['forwarded mails', 'arf', forwarded(encoded('arf'))],
  ['a mail with several FLEX records', 'flex-mail', inOneMail('flex-mail', '.flex')],
];

describe('messagesWithin', () => {
  it.each(documents)('reads every message of %s', (_, name, bytes) => {
    const alone = encoded(name).map((document) => ({ from: name, ...findFormat(name).decode(document) }));
    expect(messagesWithin(bytes)).toEqual(alone);
  });

  it.each(documents)('is bounded for %s', (_, _name, bytes) => {
    expect(messagesWithin(bytes, { limits: { maxEvents: 3 } })).toHaveLength(3);
    expect(() => messagesWithin(bytes, { limits: { maxEvents: 2 } })).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT', message: expect.stringContaining('maxEvents') }),
    );
  });

  it('reads every XARF 4 report of a mail, each with the identity of the mail', () => {
    const read = messagesWithin(inOneMail('xarf4-mail', 'xarf.json'));
    expect(read).toHaveLength(3);
    for (const one of read) expect(one).toMatchObject({ from: 'xarf4-mail', losses: [] });
  });

  it('reads what is said to be X-ARF BULK', () => {
    const read = messagesWithin(writeXarfBulk(encoded('xarf')), { from: 'xarf-bulk' });
    expect(read).toMatchObject(messages.map((message) => ({ from: 'xarf-bulk', message })));
  });

  it.each([
    ['an item', `[${texts('idea')[0]},{"Format":"IDEA0"},7,${texts('idea')[1]}]`, 2],
    ['a line', `${texts('idea')[0]}{"Format":"ID\n\n{"Format":"IDEA0"}\n${texts('idea')[1]}`, 2],
    [
      'an Incident',
      texts('iodef2')[0]
        .replace(/<\/Incident>/, '</Incident><Incident/><Incident/>')
        .replace(
          '</IODEF-Document>',
          `${/<Incident[ >][\s\S]*<\/Incident>/.exec(texts('iodef2')[1])?.[0]}</IODEF-Document>`,
        ),
      2,
    ],
  ])('goes on after %s that is broken', (_, text, broken) => {
    const read = messagesWithin(octets(text));
    expect(read.map((one) => ('error' in one ? one.error : one.message.id))).toEqual([
      '17',
      ...new Array<unknown>(broken).fill(expect.any(FormatsError)),
      '18',
    ]);
  });

  it('says of what belongs to no event that it is lost, once', () => {
    const bundle = JSON.parse(new TextDecoder().decode(inBundle()));
    bundle.objects.push({ type: 'malware', id: 'malware--1' });
    bundle.x_more = 1;
    const stix = messagesWithin(octets(JSON.stringify(bundle)));
    const alerts = new TextDecoder().decode(inOneDocument('idmef', 'Alert'));
    const idmef = messagesWithin(octets(alerts.replace('</IDMEF-Message>', '<Heartbeat/></IDMEF-Message>')));
    const lost = (read: typeof stix) =>
      read.map((one) => ('losses' in one ? one.losses.map(({ path }) => path) : []));
    expect(lost(stix)).toEqual([[`objects[${bundle.objects.length - 1}]`, 'x_more'], [], []]);
    expect(lost(idmef)).toEqual([['IDMEF-Message/Heartbeat'], [], []]);
  });

  it('bounds the references of a bundle', () => {
    const refs = new Array<string>(100).fill('ipv4-addr--1');
    const objects = [
      { type: 'observed-data', id: 'observed-data--1', object_refs: refs },
      ...Array.from({ length: 100 }, (_, i) => ({
        type: 'sighting',
        id: `sighting--${i}`,
        created: '2026-01-01T00:00:00Z',
        observed_data_refs: ['observed-data--1'],
      })),
    ];
    const bundle = octets(JSON.stringify({ type: 'bundle', id: 'bundle--1', objects }));
    expect(messagesWithin(bundle, { limits: { maxNodes: 11_000 } })).toHaveLength(100);
    expect(() => messagesWithin(bundle, { limits: { maxNodes: 9_000 } })).toThrow(/maxNodes/);
  });

  it.each([
    ['nothing', '', 'FORMATS_UNDETECTED'],
    ['a broken document', '{"Format":"IDEA0"', 'FORMATS_UNDETECTED'],
    ['an event alone that is broken', '{"Format":"IDEA0"}', 'FORMATS_MISSING'],
    ['a list of one that is broken', '[{"Format":"IDEA0"}]', 'FORMATS_MISSING'],
  ])('refuses %s', (_, text, code) => {
    expect(() => messagesWithin(octets(text))).toThrow(expect.objectContaining({ code }));
  });
});

describe('decode of several events', () => {
  it.each(documents.filter(([, name]) => !['xarf', 'arf'].includes(name)))(
    'gives the first of %s, and says that there are others',
    (_, name, bytes) => {
      expect(detectFormat(bytes)?.name).toBe(name);
      const { message, losses } = findFormat(name).decode(bytes);
      expect(message).toEqual(findFormat(name).decode(encoded(name)[0]).message);
      expect(losses.length).toBeGreaterThan(0);
    },
  );
});
