import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plainOutput } from '../../src/config/read-outputs.ts';
import { createOutputs } from '../../src/daemon/outputs.ts';
import { freePorts } from '../../src/demo/free-ports.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { rowsFinding } from '../output/example-findings.ts';
import { startFakeElasticsearch } from '../output/send/fake-elasticsearch.ts';
import { startDaemon } from './running-daemon.ts';

const folder = temporaryFolder();
const rules = '@flowpact/rules/multi-stage-http/multi-stage-http.epl';

describe('the outputs of flowpact run', { timeout: 240_000 }, () => {
  it('deliver after kill -9 what waited for receivers that were away, all of it and in order', async () => {
    const traffic = join(folder, 'traffic.ipfix');
    await runCli('flowpact', ['generate', '-o', traffic, '--seed', '7']);
    const module = join(import.meta.dirname, '../../../../rules/multi-stage-http/multi-stage-http.epl');
    const detected = (await runCli('flowpact', ['detect', '-m', module, '-r', traffic, '--events'])).stdout
      .split('\n')
      .filter(Boolean);
    expect(detected.length).toBeGreaterThan(0);
    const [linesPort, elasticPort] = await freePorts(2);
    const directory = join(folder, 'killed');
    mkdirSync(directory);
    const yaml = `
collectors: [{listen: 'tcp://127.0.0.1:0'}]
modules: [{file: '${rules}'}]
outputs:
  - {to: 'tcp://127.0.0.1:${linesPort}', name: lines}
  - {to: 'elasticsearch://127.0.0.1:${elasticPort}', name: elastic, format: ecs}
http: {listen: '127.0.0.1:0'}
`;
    const metric = (name: string, output: 'lines' | 'elastic') =>
      `flowpact_output_${name}{output="${output}",to="${output === 'lines' ? `tcp://127.0.0.1:${linesPort}` : `elasticsearch://127.0.0.1:${elasticPort}`}"}`;
    const first = await startDaemon(directory, yaml);
    const replay = ['replay', '-i', traffic, '-t', 'TCP', '-p', String(first.ports.tcp), '-n', '1'];
    await runCli('flowpact', replay);
    await first.reaches(metric('spooled', 'lines'), detected.length);
    await first.reaches(metric('spooled', 'elastic'), detected.length);
    await first.reaches(metric('failures_total', 'lines'), 1);
    expect(await first.metrics()).toContain(`${metric('up', 'lines')} 0`);
    first.process.kill('SIGKILL');
    await first.result;

    const receiver = createServer().listen(linesPort, '127.0.0.1');
    onTestFinished(() => void receiver.close());
    const connected = once(receiver, 'connection') as Promise<[Socket]>;
    const elastic = await startFakeElasticsearch({ port: elasticPort });
    const second = await startDaemon(directory, yaml);
    const [socket] = await connected;
    const received: string[] = [];
    for await (const line of createInterface(socket)) {
      received.push(line);
      if (received.length === detected.length) break;
    }
    expect(received).toEqual(detected);
    await second.reaches(metric('written_total', 'elastic'), detected.length);
    expect(await second.metrics()).toContain(`${metric('up', 'elastic')} 1`);
    const documents = [...elastic.indices.values()].flatMap((each) => [...each.values()]);
    expect(documents.length).toBeGreaterThanOrEqual(detected.length);
    expect(documents[0]).toMatchObject({ ecs: { version: '8.11.0' }, event: { kind: 'alert' } });
    second.process.kill('SIGTERM');
    expect((await second.result).code).toBe(0);
  });
});

describe('createOutputs', () => {
  const lines = (port: number) =>
    plainOutput({ to: `tcp://127.0.0.1:${port}`, name: 'lines', what: 'detections' });

  it('lets what waits go to the output that has the name next, and leaves alone what is the same', async () => {
    const [port, other] = await freePorts(2);
    const outputs = createOutputs({ directory: join(folder, 'reload') }, { onRemark: () => undefined });
    onTestFinished(() => outputs.close());
    const file = plainOutput({ to: join(folder, 'same.ndjson'), what: 'detections' });
    await outputs.use([lines(port), file]);
    outputs.write(rowsFinding([{ a: 1 }]));
    while (outputs.report()[0].failed === 0) await new Promise(setImmediate);
    expect(outputs.report().map(({ state, lines, spooled }) => ({ state, lines, spooled }))).toEqual([
      { state: 'down', lines: 1, spooled: 1 },
      { state: 'up', lines: 1, spooled: 0 },
    ]);
    const receiver = createServer().listen(other, '127.0.0.1');
    onTestFinished(() => void receiver.close());
    const connected = once(receiver, 'connection') as Promise<[Socket]>;
    await outputs.use([file, lines(other)]);
    outputs.write(rowsFinding([{ a: 2 }]));
    const [socket] = await connected;
    const received: number[] = [];
    for await (const line of createInterface(socket)) if (received.push(JSON.parse(line).a) === 2) break;
    expect(received).toEqual([1, 2]);
    expect(outputs.report()[0]).toMatchObject({ to: file.to, lines: 2 });
  });

  it('says what cannot be opened, and goes on with what can when told to', async () => {
    const outputs = createOutputs({ directory: join(folder, 'wrong') }, { onRemark: () => undefined });
    onTestFinished(() => outputs.close());
    const wrong = plainOutput({ to: join(folder, 'missing', 'a.ndjson'), what: 'detections' });
    const right = plainOutput({ to: join(folder, 'right.ndjson'), what: 'detections' });
    await expect(outputs.use([right, wrong])).rejects.toMatchObject({ code: 'FLOWPACT_FILE' });
    expect(outputs.report()).toEqual([]);
    await outputs.use([right]);
    outputs.write(rowsFinding([{ a: 1 }]));
    expect(outputs.report()).toMatchObject([{ lines: 1, written: 1 }]);
  });
});
