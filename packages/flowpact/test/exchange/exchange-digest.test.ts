import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { exchangeDigest } from '../../src/exchange/exchange-digest.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const folder = temporaryFolder();
const file = join(folder, 'flowpact.yaml');
const key = join(folder, 'own.asc');

async function digestOf(yaml: string, keyText = 'a key'): Promise<string | undefined> {
  writeFileSync(file, yaml);
  writeFileSync(key, keyText);
  return exchangeDigest(await loadConfig(file));
}

it('the digest of an exchange differs with what it is made of, and with nothing else', async () => {
  const exchange = 'exchange: {name: a.example, keys: [{file: own.asc}]}\n';
  const first = await digestOf(exchange);
  expect(await digestOf(`log: {level: warn}\n${exchange}`)).toBe(first);
  expect(await digestOf(exchange, 'another key')).not.toBe(first);
  expect(await digestOf(exchange.replace('}]}', '}], alerting: {enabled: false}}'))).not.toBe(first);
  expect(await digestOf('log: {level: warn}')).toBeUndefined();
});
