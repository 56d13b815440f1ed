import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');

function startupFile(name: string, collector: string, output: string): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    `<ipfix><collectingProcess>${collector}<exportingProcess>json</exportingProcess></collectingProcess>
    <exportingProcess><name>json</name><destination><fileWriter><fileFormat>json</fileFormat>${output}</fileWriter></destination></exportingProcess></ipfix>`,
  );
  return file;
}

describe('ipfixcol', () => {
  it('does what FlowCEP’s scripts use it for: in the background, TCP in, UDP lines out', async () => {
    await runCli('flowpact', ['generate', '-o', traffic, '--duration', '20s', '--no-attack']);
    const epl = join(folder, 'all.epl');
    writeFileSync(
      epl,
      `@Name('Schema') @Tag(name='timestamp', value='ipfix.flowEndMilliseconds')
       create map schema IPFIX(ipfix.flowEndMilliseconds long, ipfix.protocolIdentifier int);
       @Name('Output') select ipfix.protocolIdentifier as p from IPFIX;`,
    );
    const detect = startCli('flowpact', ['detect', '-m', epl, '--listen', 'udp://127.0.0.1:0']);
    const [, linesPort] = await detect.sees(/udp:\/\/127\.0\.0\.1:([0-9]+)/);
    const startup = startupFile(
      'tcp.xml',
      '<tcpCollector><localPort>0</localPort><localIPAddress>127.0.0.1</localIPAddress></tcpCollector>',
      `<output><type>send</type><ip>127.0.0.1</ip><port>${linesPort}</port><protocol>udp</protocol></output>`,
    );
    const { code, stderr } = await runCli('ipfixcol', ['-d', '-c', startup]);
    const pid = Number(/in the background as process ([0-9]+)/.exec(stderr)?.[1]);
    try {
      expect(code, stderr).toBe(0);
      const port = /tcp:\/\/127\.0\.0\.1:([0-9]+)/.exec(stderr)?.[1] ?? '';
      const sent = await runCli('ipfixsend', [
        '-i',
        traffic,
        '-t',
        'TCP',
        '-p',
        port,
        '-n',
        '1',
        '-S',
        '2000',
      ]);
      expect(sent.code, sent.stderr).toBe(0);
    } finally {
      process.kill(pid, 'SIGTERM'); // which ends it after what it received is sent
    }
    const ended = () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    while (!ended()) await new Promise(setImmediate);
    detect.process.kill('SIGINT');
    const { stdout } = await detect.result;
    const expected = await runCli('flowpact', ['collect', '-r', traffic, '-q']);
    expect(stdout.split('\n').length).toBe(expected.stdout.split('\n').length);
  });

  it('reads files and prints', async () => {
    const startup = startupFile(
      'file.xml',
      `<fileReader><file>${traffic}</file></fileReader>`,
      '<tcpFlags>formated</tcpFlags><protocol>raw</protocol><nonPrintableChar>no</nonPrintableChar><output><type>print</type></output>',
    );
    const { code, stdout } = await runCli('ipfixcol', ['-c', startup]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      (await runCli('flowpact', ['collect', '-r', traffic, '--format', 'ipfixcol'])).stdout,
    );
  });

  it('writes files that are complete when they have their names, and raw values where the file says nothing', async () => {
    const target = join(folder, 'files');
    const output = (options: string) =>
      startupFile(
        'files.xml',
        `<fileReader><file>${traffic}</file></fileReader>`,
        `${options}<output><type>file</type><path>${target}/%Y</path><prefix>json.</prefix><dumpInterval><timeWindow>3600</timeWindow></dumpInterval></output><output><type>print</type></output>`,
      );
    const { code, stdout } = await runCli('ipfixcol', ['-c', output('')]);
    expect(code).toBe(0);
    const year = join(target, String(new Date().getUTCFullYear()));
    const [name] = readdirSync(year);
    expect(name).toMatch(/^json\.[0-9]{12}$/);
    expect(readFileSync(join(year, name), 'utf8')).toBe(stdout);
    const asUnsaid = ['tcpFlags=raw', 'protocol=formatted', 'nonPrintableChar=yes'];
    const same = ['collect', '-r', traffic, '--format', 'ipfixcol', '--ipfixcol-option', ...asUnsaid];
    expect(stdout).toBe((await runCli('flowpact', same)).stdout);
    expect(stdout).toContain('"ipfix.protocolIdentifier": "TCP"');
  });

  it('ends in the background too where there are only files to read', async () => {
    const target = join(folder, 'background');
    const startup = startupFile(
      'background.xml',
      `<fileReader><file>${traffic}</file></fileReader>`,
      `<output><type>file</type><path>${target}</path></output>`,
    );
    const { code, stderr } = await runCli('ipfixcol', ['-d', '-c', startup]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/flow records in [0-9,]+ messages\n$/),
    });
    expect(readdirSync(target)).toHaveLength(1);
  });

  it('closes what it has opened where something else cannot be had', async () => {
    const startup = startupFile(
      'half.xml',
      `<fileReader><file>${traffic}</file></fileReader>`,
      '<output><type>server</type><port>0</port></output><output><type>send</type><protocol>tcp</protocol><port>1</port></output>',
    );
    expect(await runCli('ipfixcol', ['-c', startup])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot connect to tcp://127.0.0.1:1'),
    });
  });

  it('says what it cannot do, where, and does nothing then, in the background neither', async () => {
    const startup = startupFile('sctp.xml', '<sctpCollector/>', '<output><type>print</type></output>');
    for (const args of [
      ['-c', startup],
      ['-d', '-c', startup],
    ]) {
      expect(await runCli('ipfixcol', args)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/sctp\.xml:1: sctpCollector is not supported here/),
      });
    }
    const taken = startupFile(
      'taken.xml',
      '<tcpCollector><localPort>1</localPort><localIPAddress>192.0.2.1</localIPAddress></tcpCollector>',
      '<output><type>print</type></output>',
    );
    expect(await runCli('ipfixcol', ['-d', '-c', taken])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('192.0.2.1:1'),
    });
    expect(await runCli('ipfixcol', ['-c', join(folder, 'none.xml')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot read'),
    });
    expect((await runCli('ipfixcol', ['-z'])).code).toBe(1);
  });
});
