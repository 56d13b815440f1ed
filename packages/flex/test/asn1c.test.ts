import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithout } from '../../../test/system-tool.ts';
import { msToGeneralizedTime } from '../src/der/generalized-time.ts';
import { decodeFlexRecord, encodeFlexRecord, FlexReal } from '../src/index.ts';
import { arbitraryRecord } from './arbitrary-record.ts';
import { berOf, choices } from './ber/other-encodings.ts';
import { hex } from './der-octets.ts';
import { smallestRecord } from './smallest-record.ts';

const module = fileURLToPath(new URL('../flex.asn1', import.meta.url));

/**
 * The ASN.1 compiler's own reading of the module, as an independent second codec: its converter between DER and XER
 * (XML), made of C code that it generates from flex.asn1. `-fwide-types` lets its integers be of any size.
 */
describe.skipIf(skipWithout('asn1c', 'gcc'))(
  'asn1c (skipped without it: apt-get install -y asn1c gcc)',
  () => {
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'flex-asn1c-'));
      run('asn1c', ['-fcompound-names', '-fwide-types', '-pdu=FLEXRecord', module]);
      const sources = (await readdir(folder)).filter((name) => name.endsWith('.c'));
      run('gcc', ['-O0', '-w', '-DPDU=FLEXRecord', '-I.', ...sources, '-o', 'converter', '-lm']);
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    function run(program: string, args: string[]): Buffer {
      const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: folder, maxBuffer: 2 ** 28 });
      if (status !== 0) throw new Error(`${program} failed: ${stderr}`, { cause: error });
      return stdout;
    }

    function convert(from: 'ber' | 'xer', to: 'der' | 'xer', input: Uint8Array): Buffer {
      writeFileSync(join(folder, 'input'), input);
      return run(join(folder, 'converter'), [`-i${from}`, `-o${to}`, '-c', 'input']);
    }

    it('reads what we write, and writes the same octets from its XML', () => {
      // What asn1c 0.9.28 gets wrong is left out: its XML loses fields of later versions, blank text and most digits of
      // a REAL; from XML it pads some mantissas with zeros; its times begin in 1970.
      const text = fc.string({ unit: 'grapheme' }).map((characters) => `<${characters}>`);
      const real = fc
        .constantFrom(0, -0, 0.1, 0.25, -1.5, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
        .map((value) => new FlexReal(value));
      const time = fc.nat(2 ** 31 - 1).map((second) => msToGeneralizedTime(second * 1500)!);
      const records = arbitraryRecord({ later: false, real, time, text });
      fc.assert(
        fc.property(records, (record) => {
          const ours = encodeFlexRecord(record);
          const theirs = convert('xer', 'der', convert('ber', 'xer', ours));
          expect(hex(theirs)).toBe(hex(ours));
          expect(decodeFlexRecord(theirs)).toStrictEqual(record);
        }),
        { numRuns: 100 },
      );
    });

    it('reads over the fields that a later version adds', () => {
      const record = { ...smallestRecord(), extensions: [Uint8Array.of(0xbf, 0x1f, 2, 5, 0)] };
      const theirs = convert('ber', 'der', encodeFlexRecord(record));
      expect(hex(theirs)).toBe(hex(encodeFlexRecord(smallestRecord())));
    });

    it('keeps every REAL that we write', () => {
      const reals = fc.array(
        fc.double().map((value) => new FlexReal(value)),
        { maxLength: 100 },
      );
      fc.assert(
        fc.property(reals, (row) => {
          const ours = encodeFlexRecord(smallestRecord({ flows: [row] }));
          expect(hex(convert('ber', 'der', ours))).toBe(hex(ours));
        }),
        { numRuns: 10 },
      );
    });

    it('says in XML what we say', () => {
      const record = smallestRecord({
        relation: 'same-c2',
        exporter: Uint8Array.of(192, 0, 2, 254),
        domainId: 0xffffffff,
        flows: [[null, -5, Uint8Array.of(10, 0, 0, 1), 'C&C', true, new FlexReal(0.25), [1, 'x']], []],
      });
      const xml = convert('ber', 'xer', encodeFlexRecord(record))
        .toString('utf8')
        .replaceAll(/>\s+/g, '>')
        .trim();
      expect(xml).toBe(
        [
          '<FLEXRecord><settings><id>7</id><msgType><alert/></msgType><eventType><dDoS/></eventType>',
          '<type><ipfix/></type><version><ten/></version></settings>',
          '<flowFields><fields></fields></flowFields>',
          '<detection><sender><name>a.example</name></sender><created>20260101120000Z</created></detection>',
          '<correlation><CorrelatedFlows><relation>same-c2</relation><exporter>C0 00 02 FE</exporter>',
          '<domainId>4294967295</domainId><flows>',
          '<FlowRow><absent></absent><number>-5</number><octets>0A 00 00 01</octets><string>C&amp;C</string>',
          '<truth><true/></truth><real>0.25</real><list><number>1</number><string>x</string></list></FlowRow>',
          '<FlowRow></FlowRow></flows></CorrelatedFlows></correlation></FLEXRecord>',
        ].join(''),
      );
    });

    it('reads as BER what we read as BER', () => {
      // In one piece: asn1c 0.9.28 reads neither indefinite lengths nor strings in pieces within explicit tags.
      const time = fc.nat(2 ** 31 - 1).map((second) => msToGeneralizedTime(second * 1500)!);
      const tape = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(arbitraryRecord({ later: false, time }), tape, (record, decisions) => {
          const der = encodeFlexRecord(record);
          expect(hex(convert('ber', 'der', berOf(der, choices(decisions), false)))).toBe(hex(der));
        }),
        { numRuns: 50 },
      );
    });

    it('compiles the module that is published', () => {
      expect(readFileSync(join(folder, 'FLEXRecord.h'), 'utf8')).toContain('From ASN.1 module "FLEX-2016"');
    });
  },
);
