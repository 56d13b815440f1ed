import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messagesWithin } from '@flowpact/formats';
import type { Rule } from '@flowpact/response';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { createEmitter } from '../../src/response/create-emitter.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const folder = temporaryFolder();
writeFileSync(join(folder, 'secret'), 'whsec_YSBzZWNyZXQgb2YgYm90aCBzaWRlcw==\n');
writeFileSync(join(folder, 'short'), 'short\n');

async function emittersOf(emitters: string, others = '') {
  const file = join(folder, 'f.yaml');
  writeFileSync(file, `${others}response: {emitters: [${emitters}]}\n`);
  const loaded = await loadConfig(file);
  return (loaded.config.response?.emitters ?? []).map((each, index) => createEmitter(loaded, each, index));
}

describe('createEmitter', () => {
  it('makes each kind of little', async () => {
    const emitters = await emittersOf(
      [
        '{kind: exabgp, name: edge, socket: exabgp.sock}',
        '{kind: gobgp, name: core}',
        '{kind: nftables, name: host}',
        '{kind: blockList, name: list, path: blocked.txt}',
        '{kind: webhook, name: hook, url: "https://example.net/rules", secretFile: secret}',
      ].join(', '),
    );
    expect(emitters.map(({ name, kind }) => [name, kind])).toEqual([
      ['edge', 'exabgp'],
      ['core', 'gobgp'],
      ['host', 'nftables'],
      ['list', 'blockList'],
      ['hook', 'webhook'],
    ]);
  });

  it('makes a list beside the configuration, in its format', async () => {
    const [list] = await emittersOf(
      '{kind: blockList, name: ids, path: flowpact.rules, format: suricata, firstSid: 4200000}',
    );
    const rule: Rule = { match: { source: '198.51.100.7/32', protocols: [6] }, action: { kind: 'drop' } };
    await list.start();
    await list.apply(rule, Date.now() + 60_000);
    await list.stop();
    expect(readFileSync(join(folder, 'flowpact.rules'), 'utf8')).toMatch(
      /^drop tcp 198.51.100.7\/32 any -> any any .*sid:4200000;/,
    );
  });

  it('hands on what each is told of programs, next hops and times', async () => {
    const program = join(folder, 'gobgp');
    const calls = join(folder, 'calls');
    writeFileSync(program, `#!/bin/sh\necho "$@" >> ${calls}\necho '[]'\n`, { mode: 0o755 });
    const own = 'nextHopIpv4: 192.0.2.66, communities: ["65535:666"], mark: "64496:1"';
    const [core] = await emittersOf(`{kind: gobgp, name: core, gobgp: ${program}, ${own}}`);
    await core.apply(
      { match: { destination: '192.0.2.10/32' }, action: { kind: 'blackhole' } },
      Date.now() + 60_000,
    );
    expect(readFileSync(calls, 'utf8')).toContain(
      'add -a ipv4 192.0.2.10/32 nexthop 192.0.2.66 community 65535:666,64496:1',
    );
    writeFileSync(program, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const [slow] = await emittersOf(`{kind: gobgp, name: core, gobgp: ${program}, timeoutMs: 50}`);
    await expect(slow.inForce()).rejects.toThrow('50 ms');
  });

  it.each(['misp', 'stix'] as const)('makes a list that whoever knows %s reads back', async (name) => {
    const [list] = await emittersOf(
      `{kind: blockList, name: edge, path: list.${name}, format: ${name}, producer: isp-a.example}`,
    );
    await list.start();
    for (const source of ['198.51.100.7/32', '198.51.101.0/24', '2001:db8::7/128']) {
      await list.apply({ match: { source }, action: { kind: 'drop' } }, Date.now() + 60_000);
    }
    expect(await list.inForce()).toHaveLength(3);
    await list.stop();
    const found = messagesWithin(readFileSync(join(folder, `list.${name}`))).map((each) => {
      if ('error' in each) throw each.error;
      const { sender, event } = each.message;
      expect([each.from, sender.name]).toEqual([name, 'isp-a.example']);
      return (event.sources ?? []).map(({ address, prefixLength }) => [address, prefixLength]);
    });
    expect(found.flat()).toEqual([
      ['198.51.100.7', undefined],
      ['198.51.101.0', 24],
      ['2001:db8::7', undefined],
    ]);
  });

  it('takes the name of the exchange for the producer of a list', async () => {
    const exchange = `exchange: {name: isp-b.example}\n`;
    const [list] = await emittersOf('{kind: blockList, name: b, path: b.json, format: stix}', exchange);
    await list.start();
    await list.stop();
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toContain('"name": "isp-b.example"');
  });

  it.each([
    ['{kind: nftables, name: host, table: filter}', 'flowpact is wanted'],
    ['{kind: gobgp, name: core, api: nowhere}', 'gobgp: api'],
    ['{kind: blockList, name: list, path: list.json, format: misp}', 'exchange.name'],
    ['{kind: gobgp, name: core, nextHopIpv4: "100::1"}', 'nextHopIpv4'],
    ['{kind: gobgp, name: core, communities: ["65536:1"]}', 'communities[0]'],
    ['{kind: gobgp, name: core, gobgp: bin/gobgp}', 'a name in PATH or a path from /'],
    ['{kind: exabgp, name: edge, socket: exabgp.sock, timeoutMs: 0}', 'timeoutMs'],
    ['{kind: webhook, name: hook, url: "http://192.0.2.1/", secretFile: secret}', 'webhook: url'],
    ['{kind: webhook, name: hook, url: "https://example.net/", secretFile: short}', 'webhook: secret'],
    ['{kind: webhook, name: hook, url: "https://example.net/", secretFile: nowhere}', 'secretFile'],
  ])('refuses what cannot work: %s', async (emitter, reason) => {
    await expect(emittersOf(emitter)).rejects.toThrow(reason);
  });
});
