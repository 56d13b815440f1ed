import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createObjectReader,
  createTemplateFile,
  createVirtualClock,
  type IpfixError,
  type TemplateMemory,
} from '../../src/index.ts';
import { v9Octets, v9OptionsTemplate, v9Template } from '../netflow/netflow-octets.ts';
import { hex, messageOctets, setOctets, templateOctets } from './message-octets.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowpact-templates-'));
});
afterEach(() => rm(folder, { recursive: true }));

const path = () => join(folder, 'templates.json');

function createDecoder(templateMemory: TemplateMemory, exporter = '192.0.2.1') {
  const ports: unknown[] = [];
  const reader = createObjectReader(
    { fields: [{ name: 'port', elements: [{ pen: 0, id: 7 }], as: 'native' }] },
    { onRecord: (record) => ports.push((record as { port: number }).port) },
  );
  return { ports, decoder: createFlowDecoder({ exporter }, { reader, templateMemory }) };
}

const ipfixTemplate = messageOctets({}, setOctets(2, templateOctets(256, [[7, 2]])));
const ipfixData = messageOctets({}, setOctets(256, hex('0050')));
const v9Templates = v9Octets(
  {},
  setOctets(0, v9Template(300, [[7, 2]])),
  setOctets(1, v9OptionsTemplate(301, [[1, 0]], [[34, 4]])),
);
const v9Data = v9Octets({}, setOctets(300, hex('0051')));

describe('templates in a file', () => {
  it('survive a restart, per exporter, domain and protocol', async () => {
    const before = createTemplateFile({ path: path() });
    await before.start();
    const first = createDecoder(before);
    first.decoder.decode(ipfixTemplate);
    first.decoder.decode(v9Templates);
    await before.stop();
    expect(await readdir(folder)).toEqual(['templates.json']);

    const after = createTemplateFile({ path: path() });
    await after.start();
    const second = createDecoder(after);
    second.decoder.decode(ipfixData);
    second.decoder.decode(v9Data);
    expect(second.ports).toEqual([80, 81]);
    expect(second.decoder.templates()).toEqual(first.decoder.templates());
    expect(second.decoder.stats).toMatchObject({ templates: 0, unknownTemplateSets: 0 });
    const other = createDecoder(after, '192.0.2.2');
    other.decoder.decode(ipfixData);
    expect(other.ports).toEqual([]);
    await after.stop();
  });

  it('are written once for many changes, and not for repeats', async () => {
    const clock = createVirtualClock(0);
    const file = createTemplateFile({ path: path(), saveDelayMs: 500 }, { clock });
    await file.start();
    const { decoder } = createDecoder(file);
    decoder.decode(ipfixTemplate);
    decoder.decode(messageOctets({}, setOctets(2, templateOctets(257, [[7, 2]]))));
    await expect(readFile(path())).rejects.toThrow('ENOENT');
    await file.stop();
    const written = await readFile(path(), 'utf8');
    expect(written).toContain('0100000100070002');
    expect(written).toContain('0101000100070002');
    await writeFile(path(), 'not touched again');
    decoder.decode(ipfixTemplate);
    await file.stop();
    expect(await readFile(path(), 'utf8')).toBe('not touched again');
  });

  it('are forgotten when the exporter withdraws them', async () => {
    const file = createTemplateFile({ path: path() });
    const { decoder } = createDecoder(file);
    decoder.decode(ipfixTemplate);
    expect(file.load('192.0.2.1').length).toBe(1);
    decoder.decode(messageOctets({}, setOctets(2, hex('0002 0000'))));
    expect(file.load('192.0.2.1')).toEqual([]);
    await file.stop();
  });

  it('of the exporter saved longest ago give way', async () => {
    const file = createTemplateFile({ path: path(), maxExporters: 2 });
    for (const exporter of ['a', 'b', 'a', 'c']) {
      const ports = exporter === 'a' ? file.load('a').length + 1 : 1;
      createDecoder(file, exporter).decoder.decode(
        messageOctets({ observationDomainId: ports }, setOctets(2, templateOctets(256, [[7, 2]]))),
      );
    }
    expect(['a', 'b', 'c'].map((exporter) => file.load(exporter).length)).toEqual([2, 0, 1]);
    await file.stop();
  });

  it.each([
    ['{', 'JSON'],
    ['null', 'an object is missing'],
    ['{"format":"other"}', 'not of the format'],
    ['{"format":"flowpact-templates","exporters":{}}', 'a list is missing'],
    ['{"format":"flowpact-templates","exporters":[{"exporter":1}]}', 'no name'],
    [
      '{"format":"flowpact-templates","exporters":[{"exporter":"a","domains":[{"version":5}]}]}',
      'no templates',
    ],
  ])('that is garbled is told of, and left out: %s', async (contents, reason) => {
    await writeFile(path(), contents);
    const errors: IpfixError[] = [];
    const file = createTemplateFile({ path: path() }, { onError: (error) => errors.push(error) });
    await file.start();
    expect(errors).toMatchObject([{ code: 'IPFIX_IO' }]);
    expect(errors[0].message).toContain(reason);
    expect(file.load('a')).toEqual([]);
    await file.stop();
  });

  it('with octets that are no template give none', () => {
    const octets = ['', '00', '0100', '01000001', '010000010007000200', '00000000'].map((text) =>
      Uint8Array.from(hex(text)),
    );
    const memory: TemplateMemory = {
      load: () => [
        {
          version: 10,
          observationDomainId: 1,
          templates: octets.map((each) => ({ kind: 'data', octets: each })),
        },
      ],
      save() {},
    };
    expect(createDecoder(memory).decoder.templates()).toEqual([]);
  });

  it('that cannot be written is told of', async () => {
    const errors: IpfixError[] = [];
    const file = createTemplateFile(
      { path: join(folder, 'no', 'such') },
      { onError: (error) => errors.push(error) },
    );
    createDecoder(file).decoder.decode(ipfixTemplate);
    await file.stop();
    expect(errors).toMatchObject([{ code: 'IPFIX_IO' }]);
  });
});
