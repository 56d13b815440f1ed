import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { readOutputs } from '../../src/config/read-outputs.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const folder = temporaryFolder();
writeFileSync(join(folder, 'secret'), 'hush\n');

async function read(yaml: string) {
  const file = join(folder, 'f.yaml');
  writeFileSync(file, yaml);
  return readOutputs(await loadConfig(file));
}

describe('readOutputs', () => {
  it('makes complete settings of little', async () => {
    const [file, elastic] = await read('outputs: [{to: events.ndjson}, {to: "elasticsearch://es.example"}]');
    expect(file).toMatchObject({
      name: 'events.ndjson-events',
      target: { kind: 'file', path: join(folder, 'events.ndjson') },
      choice: { what: 'events', format: 'native', evidence: true },
    });
    expect(elastic).toMatchObject({
      name: 'elasticsearch-es.example-events',
      elasticsearch: { index: 'flowpact-{what}-%Y.%m.%d', template: true },
      tls: {},
    });
    expect(elastic).not.toHaveProperty('authorization');
  });

  it('reads secrets from files, and puts none where it is shown', async () => {
    const [basic, key, hook, kafka] = await read(`
outputs:
  - to: elasticsearch+tls://es.example
    elasticsearch: {user: elastic, passwordFile: secret}
    tls: {authorityFile: secret}
  - to: elasticsearch://other.example
    elasticsearch: {apiKeyFile: secret}
  - to: https://hooks.example/services/T0/hush
    webhook: {secretFile: secret, tokenFile: secret}
  - to: kafka://k.example/events
    kafka: {user: flowpact, passwordFile: secret}
`);
    expect(basic.authorization).toBe(`Basic ${Buffer.from('elastic:hush').toString('base64')}`);
    expect(basic.tls.ca?.toString()).toBe('hush\n');
    expect(key.authorization).toBe('ApiKey hush');
    expect(hook.authorization).toBe('Bearer hush');
    expect(hook.webhook.secret?.toString()).toBe('hush');
    expect(kafka.kafka).toEqual({
      login: { mechanism: 'SCRAM-SHA-512', user: 'flowpact', password: 'hush' },
    });
    expect([hook.to, hook.name]).toEqual(['https://hooks.example', 'https-hooks.example-events']);
  });

  it.each([
    ['to: amqp://b:1', 'outputs[0].to amqp://b:1 cannot be used here'],
    ['to: kafka://b:1', 'kafka://b:1 names no topic'],
    ['{to: "kafka://b/t", kafka: {user: u}}', 'outputs[0].kafka needs both of user and passwordFile'],
    [
      '{to: "kafka://b/t", kafka: {user: u, passwordFile: secret, mechanism: PLAIN}}',
      'PLAIN shows the password to all on the way',
    ],
    ['{to: a, elasticsearch: {index: x}}', 'outputs[0].elasticsearch does not go with a'],
    ['{to: "syslog://h", webhook: {}}', 'outputs[0].webhook does not go with syslog://h'],
    ['{to: "tcp://h:1", tls: {}}', 'outputs[0].tls goes with tls://'],
    ['{to: "tls://h:1", tls: {keyFile: k}}', 'outputs[0].tls needs both of certificateFile and keyFile'],
    ['{to: "udp://h:1", spool: {}}', 'outputs[0].spool does not go with udp://h:1'],
    ['{to: a, what: both, format: flowcep}', 'outputs[0].format flowcep is about rows'],
    ['{to: a, what: detections, format: ecs}', 'outputs[0].format ecs is about events'],
    ['{to: "elasticsearch://h", elasticsearch: {user: u}}', 'needs both of user and passwordFile'],
    ['{to: "elasticsearch://h", elasticsearch: {index: Upper}}', 'outputs[0].elasticsearch.index lower-case'],
    [
      '{to: "elasticsearch://h", elasticsearch: {apiKeyFile: none}}',
      'outputs[0].elasticsearch.apiKeyFile cannot be read',
    ],
    ['{to: "elasticsearch://h", elasticsearch: {indx: a}}', 'indx is not known; did you mean index?'],
  ])('refuses %s', async (output, message) => {
    await expect(read(`outputs:\n  - ${output}\n`)).rejects.toMatchObject({
      code: 'FLOWPACT_CONFIG',
      message: expect.stringContaining(message),
    });
  });

  it('wants names to tell outputs apart', async () => {
    await expect(read('outputs: [{to: a}, {to: a}]')).rejects.toThrow(
      /outputs\[1\] is the second output with the name a-events; give it another `name`/,
    );
    expect((await read('outputs: [{to: a}, {to: a, name: b}]')).map(({ name }) => name)).toEqual([
      'a-events',
      'b',
    ]);
  });
});
