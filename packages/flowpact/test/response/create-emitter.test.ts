import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '@flowpact/response';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { createEmitter } from '../../src/response/create-emitter.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const folder = temporaryFolder();
writeFileSync(join(folder, 'secret'), 'whsec_YSBzZWNyZXQgb2YgYm90aCBzaWRlcw==\n');
writeFileSync(join(folder, 'short'), 'short\n');

async function emittersOf(emitters: string) {
  const file = join(folder, 'f.yaml');
  writeFileSync(file, `response: {emitters: [${emitters}]}\n`);
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
    const [list] = await emittersOf('{kind: blockList, name: ids, path: flowpact.rules, format: suricata}');
    const rule: Rule = { match: { source: '198.51.100.7/32', protocols: [6] }, action: { kind: 'drop' } };
    await list.start();
    await list.apply(rule, Date.now() + 60_000);
    await list.stop();
    expect(readFileSync(join(folder, 'flowpact.rules'), 'utf8')).toMatch(
      /^drop tcp 198.51.100.7\/32 any -> any any .*sid:9000000;/,
    );
  });

  it.each([
    ['{kind: nftables, name: host, table: filter}', 'flowpact is wanted'],
    ['{kind: gobgp, name: core, api: nowhere}', 'gobgp: api'],
    ['{kind: webhook, name: hook, url: "http://192.0.2.1/", secretFile: secret}', 'webhook: url'],
    ['{kind: webhook, name: hook, url: "https://example.net/", secretFile: short}', 'webhook: secret'],
    ['{kind: webhook, name: hook, url: "https://example.net/", secretFile: nowhere}', 'secretFile'],
  ])('refuses what cannot work: %s', async (emitter, reason) => {
    await expect(emittersOf(emitter)).rejects.toThrow(reason);
  });
});
