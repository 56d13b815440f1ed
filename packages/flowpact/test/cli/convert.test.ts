import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '@flowpact/event';
import { encodeMessage } from '@flowpact/flex';
import { formats } from '@flowpact/formats';
import { generateKey } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { convertTargets } from '../../src/cli/convert.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const message: Message = {
  kind: 'alert',
  id: '17',
  sender: { name: 'isp-a.example', asn: 64500 },
  createdMs: Date.UTC(2026, 0, 1),
  event: {
    type: 'bruteForce',
    severity: 'high',
    sources: [{ address: '203.0.113.7' }],
    targets: [{ address: '198.51.100.1', ports: [{ low: 22 }], protocol: 6 }],
    flows: {
      layout: { columns: [{ kind: 'iana', id: 8 }] },
      groups: [{ rows: [[Uint8Array.of(203, 0, 113, 7)]] }],
    },
  },
};
const flex = join(folder, 'alert.flex');
writeFileSync(flex, encodeMessage(message));
const second = join(folder, 'second.flex');
writeFileSync(second, encodeMessage({ ...message, id: '18' }));
const empty = join(folder, 'empty');
writeFileSync(empty, '\n');

describe('flowpact convert', () => {
  it('translates, and tells what was lost', async () => {
    const { code, stdout, stderr } = await runCli('flowpact', ['convert', '--to', 'json', flex]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ srcIP: '203.0.113.7', dstIP: '198.51.100.1' });
    expect(stderr).toMatch(/alert\.flex: flex to json: [0-9]+ losses\n {2}(dropped|approximated) /);
    expect((await runCli('flowpact', ['convert', '--to', 'json', '--strict', flex])).code).toBe(1);
  });

  it('loses nothing from FLEX to FLEX, through pipes', async () => {
    const { code, stderr } = await runCli(
      'flowpact',
      ['convert', '--to', 'flex', '--strict', '-o', join(folder, 'again.flex')],
      { input: readFileSync(flex) },
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'flowpact: standard input: flex to flex: nothing lost\n',
    });
    expect(readFileSync(join(folder, 'again.flex')).equals(readFileSync(flex))).toBe(true);
  });

  it('reports as JSON on demand', async () => {
    const { stderr } = await runCli('flowpact', ['convert', '--to', 'json', '--report', 'json', flex]);
    expect(JSON.parse(stderr)).toMatchObject({
      document: flex,
      from: 'flex',
      to: 'json',
      losses: { reading: [], writing: expect.any(Array) },
    });
  });

  it('puts several documents into a folder, and goes on after a broken one', async () => {
    const broken = join(folder, 'broken.flex');
    writeFileSync(broken, 'not a document');
    const target = join(folder, 'out');
    const { code, stderr } = await runCli('flowpact', [
      'convert',
      '--to',
      'json',
      '-o',
      target,
      broken,
      flex,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/broken\.flex: no format recognises the input/);
    expect(existsSync(join(target, 'alert.json'))).toBe(true);
  });

  it('signs and encrypts a report by mail, and opens it', async () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const date = new Date(Date.now() - 60_000);
    const pair = (email: string, passphrase: string) =>
      generateKey({
        type: 'ecc',
        curve: 'ed25519Legacy',
        userIDs: [{ email }],
        passphrase,
        date,
        format: 'armored',
      });
    const [ours, theirs] = [await pair('a@isp-a.example', 'a b'), await pair('b@isp-b.example', 'a b')];
    const [secret, open] = [file('ours.key', ours.privateKey), file('ours.pub', ours.publicKey)];
    const [theirSecret, theirOpen] = [
      file('theirs.key', theirs.privateKey),
      file('theirs.pub', theirs.publicKey),
    ];
    const pass = ['--passphrase-file', file('pass', 'a b\n')];
    const mail = join(folder, 'report.eml');
    const sign = ['convert', '--to', 'xarf-secure', '--sign-key', secret, ...pass, '-o', mail, flex];
    expect((await runCli('flowpact', sign)).stderr).toMatch(/flex to xarf-secure: nothing lost/);
    expect(readFileSync(mail, 'latin1')).toMatch(/^X-XARF: SECURE\r$/m);
    const back = await runCli('flowpact', [
      'convert',
      '--to',
      'flex',
      '--strict',
      '--verify-key',
      open,
      '-o',
      join(folder, 'back.flex'),
      mail,
    ]);
    expect(back).toMatchObject({ code: 0, stderr: expect.stringMatching(/xarf to flex: nothing lost/) });
    expect(readFileSync(join(folder, 'back.flex')).equals(readFileSync(flex))).toBe(true);
    const other = await runCli('flowpact', ['convert', '--verify-key', theirOpen, '--', mail]);
    expect(other).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not as one of the keys signed it/),
    });
    await runCli('flowpact', [...sign.slice(0, -1), '--encrypt-to', theirOpen, '--', flex]);
    expect(await runCli('flowpact', ['convert', mail])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is encrypted/),
    });
    expect(await runCli('flowpact', ['convert', '--decrypt-key', theirSecret, ...pass, mail])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/X-ARF 0\.2, alert 17 of isp-a\.example: bruteForce by 203\.0\.113\.7/),
    });
  }, 60_000);

  it('puts several reports into one mail, and takes them apart', async () => {
    const mail = join(folder, 'bulk.eml');
    await runCli('flowpact', ['convert', '--to', 'xarf-bulk', '-o', mail, flex, second]);
    const { stdout } = await runCli('flowpact', ['convert', mail]);
    expect(stdout).toMatch(
      /^.*bulk\.eml-1: X-ARF 0\.2, alert 17 .*\n.*bulk\.eml-2: X-ARF 0\.2, alert 18 .*\n$/,
    );
    const apart = join(folder, 'apart');
    expect((await runCli('flowpact', ['convert', '--to', 'flex', '-o', apart, mail])).code).toBe(0);
    expect(readFileSync(join(apart, 'bulk-1.flex')).equals(readFileSync(flex))).toBe(true);
    expect(readFileSync(join(apart, 'bulk-2.flex')).equals(readFileSync(second))).toBe(true);
    expect(await runCli('flowpact', ['convert', '--to', 'flex', mail])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/bulk\.eml: 2 messages in flex need a folder to go into: -o FOLDER/),
    });
  }, 60_000);

  it('writes JSON formats as lines, and takes every message of them', async () => {
    const { code, stdout } = await runCli('flowpact', ['convert', '--to', 'idea', flex, second]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).Format)).toEqual(['IDEA0', 'IDEA0']);
    const input = Buffer.from(`${lines[0]}\n{"Format":"IDEA0"}\n${lines[1]}\n`);
    const told = await runCli('flowpact', ['convert'], { input });
    expect(told).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^standard input-1: IDEA, alert 17 .*\nstandard input-3: IDEA, alert 18 .*\n$/,
      ),
      stderr: expect.stringMatching(/^flowpact: standard input-2: the IDEA message says no DetectTime/),
    });
    const apart = join(folder, 'lines');
    const written = await runCli('flowpact', ['convert', '--to', 'flex', '--report', 'json', '-o', apart], {
      input,
    });
    expect(written.stderr).toMatch(
      /^{"document":"standard input-1".*\nflowpact: standard input-2: .*\n{.*-3".*\n$/,
    );
    expect(readFileSync(join(apart, 'message-1.flex')).equals(readFileSync(flex))).toBe(true);
    expect(readFileSync(join(apart, 'message-3.flex')).equals(readFileSync(second))).toBe(true);
    expect(existsSync(join(apart, 'message-2.flex'))).toBe(false);
  }, 60_000);

  it('hides who got a mail', async () => {
    const spam = join(folder, 'spam.flex');
    const additional = [{ name: 'Original-Rcpt-To', value: 'user@isp-b.example' }];
    writeFileSync(spam, encodeMessage({ ...message, event: { type: 'spam', additional } }));
    const key = join(folder, 'redaction.key');
    writeFileSync(key, 'secret\n');
    const { stdout, stderr } = await runCli('flowpact', [
      'convert',
      '--to',
      'arf',
      '--redaction-key',
      key,
      spam,
    ]);
    const hidden = createHash('sha256').update('secretuser').digest('base64');
    expect(stdout).toContain(`Original-Rcpt-To: ${hidden}@isp-b.example`);
    expect(stdout).not.toContain('user@');
    expect(stderr).toMatch(/approximated event\.additional\[0\]\.value: the recipients are redacted/);
  });

  it('names every format in its help', async () => {
    const { stdout } = await runCli('flowpact', ['convert', '--help']);
    expect([...convertTargets].sort()).toEqual([...formats.map(({ name }) => name), 'xarf-secure'].sort());
    expect(stdout).toContain(convertTargets.join(', '));
  });

  it('tells what is in a document', async () => {
    const { code, stdout } = await runCli('flowpact', ['convert', flex]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${flex}: FLEX, alert 17 of isp-a.example: bruteForce by 203.0.113.7 against 198.51.100.1, 1 flows\n`,
    );
  });

  it.each([
    [['--to', 'fax', flex], 1, /there is no format "fax"; known: flex, /],
    [['--to', 'iodef2', flex, flex], 2, /2 documents in iodef2 need a folder .*-o FOLDER/],
    [['--to', 'flex', '--redaction-key', flex, flex], 2, /goes with --to arf/],
    [['--to', 'arf', '--redaction-key', empty, flex], 2, /has no key in it/],
    [['--to', 'json', '--report', 'xml', flex], 2, /text, json, none/],
    [['--to', 'xarf-secure', flex], 2, /needs --sign-key FILE/],
    [['--to', 'arf', '--sign-key', flex, flex], 2, /go with --to xarf-secure/],
    [['--to', 'json', join(folder, 'none')], 1, /none: cannot be read: ENOENT/],
  ])('refuses %j', async (args, code, text) => {
    const result = await runCli('flowpact', ['convert', ...args]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(text);
  });
});
