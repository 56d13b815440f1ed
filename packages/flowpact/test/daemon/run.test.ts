import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { securityEventFromJson } from '@flowpact/event';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { startDaemon } from './running-daemon.ts';

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');
const lines = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** What `detect` finds in the same flows. */
let detected: string[];
let flows: number;

beforeAll(async () => {
  await runCli('flowpact', ['generate', '-o', traffic, '--seed', '7']);
  const module = join(import.meta.dirname, '../../../../rules/multi-stage-http/multi-stage-http.epl');
  detected = (await runCli('flowpact', ['detect', '-m', module, '-r', traffic, '--events'])).stdout
    .split('\n')
    .filter(Boolean);
  flows = (await runCli('flowpact', ['collect', '-r', traffic])).stdout.split('\n').filter(Boolean).length;
});

function configure(name: string, more = ''): { directory: string; yaml: string } {
  const directory = join(folder, name);
  mkdirSync(directory);
  return {
    directory,
    yaml: `
collectors:
  - listen: tcp://127.0.0.1:0
  - listen: udp://127.0.0.1:0
modules:
  - file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'
outputs:
  - to: events.ndjson
http:
  listen: 127.0.0.1:0
${more}`,
  };
}

describe('flowpact run', { timeout: 180_000 }, () => {
  it('collects, finds what detect finds, tells how it fares, and stops cleanly', async () => {
    const { directory, yaml } = configure('run');
    const daemon = await startDaemon(directory, yaml);
    await runCli('flowpact', [
      'replay',
      '-i',
      traffic,
      '-t',
      'TCP',
      '-p',
      String(daemon.ports.tcp),
      '-n',
      '1',
    ]);
    await daemon.reaches('flowpact_records_total', flows);
    const health = await fetch(`http://127.0.0.1:${daemon.ports.http}/healthz`);
    expect(await health.json()).toMatchObject({ status: 'ok' });
    daemon.process.kill('SIGTERM');
    expect((await daemon.result).code).toBe(0);
    const events = lines(join(directory, 'events.ndjson'));
    expect(detected.length).toBeGreaterThan(0);
    expect(events.slice(0, detected.length)).toEqual(detected);
    for (const event of events) expect(() => securityEventFromJson(event)).not.toThrow();

    const state = join(directory, 'state');
    const ask = async (sql: string) =>
      JSON.parse((await runCli('flowpact', ['query', sql, '--state', state, '--json'])).stdout);
    expect(await ask('SELECT count(*) AS n FROM flows')).toEqual({ n: flows });
    expect(await ask('SELECT count(*) AS n FROM events')).toEqual({ n: events.length });
    expect(await ask("SELECT count(*) > 0 AS kept FROM detections WHERE statement = 'MultiStage'")).toEqual({
      kept: true,
    });
  });

  it('takes a good new file over on SIGHUP, and goes on with the old one after a bad one', async () => {
    const { directory, yaml } = configure('reload');
    const daemon = await startDaemon(directory, yaml);
    writeFileSync(
      daemon.configFile,
      yaml.replace(
        'outputs:',
        'outputs:\n  - to: rows.ndjson\n    what: detections\n    statements: [PortScan]',
      ),
    );
    daemon.process.kill('SIGHUP');
    await daemon.sees(/configuration read again/);
    writeFileSync(daemon.configFile, yaml.replace('outputs:', 'output:'));
    daemon.process.kill('SIGHUP');
    await daemon.sees(/output is not known; did you mean outputs\?.*the old configuration goes on/);
    writeFileSync(daemon.configFile, yaml.replace('tcp://127.0.0.1:0', 'tcp://203.0.113.1:1'));
    daemon.process.kill('SIGHUP');
    await daemon.sees(/cannot listen on tcp 203.0.113.1:1.*the old configuration goes on/);
    // The port is the one of the start: the listener was left alone all the time.
    await runCli('flowpact', [
      'replay',
      '-i',
      traffic,
      '-t',
      'UDP',
      '-p',
      String(daemon.ports.udp),
      '-n',
      '1',
      '-S',
      '2000',
    ]);
    await daemon.reaches('flowpact_exporter_messages_total{exporter="127.0.0.1"}', 100);
    daemon.process.kill('SIGTERM');
    expect((await daemon.result).code).toBe(0);
    expect(lines(join(directory, 'rows.ndjson'))[0]).toContain('"type":"PortScan"');
  });

  it('ends with each error and its place where the file is wrong', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'modules:\n  - file: none.epl\n');
    const { code, stderr } = await runCli('flowpact', ['run', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('wrong.yaml:2:11: modules[0].file cannot be read');
  });
});

describe('flowpact config', () => {
  it('prints an example that can run, and what it means in full', async () => {
    const example = await runCli('flowpact', ['config', 'example']);
    const file = join(folder, 'example.yaml');
    writeFileSync(file, example.stdout);
    expect((await runCli('flowpact', ['config', 'check', file])).stdout).toContain('can run');
    const printed = JSON.parse((await runCli('flowpact', ['config', 'print', '--json', file])).stdout);
    expect(printed.limits.stopTimeoutMs).toBe(15_000);
    const schema = JSON.parse((await runCli('flowpact', ['config', 'schema'])).stdout);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(printed)));
  });

  it('takes its file as an argument or, as other commands do, behind -c', async () => {
    const file = join(folder, 'behind.yaml');
    writeFileSync(file, 'collectors: []\n');
    const check = ['config', 'check'];
    const [argument, option] = await Promise.all([
      runCli('flowpact', [...check, file]),
      runCli('flowpact', [...check, '-c', file]),
    ]);
    expect(option).toEqual(argument);
    expect(option.stdout).toContain('can run');
    const both = await runCli('flowpact', [...check, file, '-c', 'other.yaml']);
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('which of them is the configuration?');
  });
});
