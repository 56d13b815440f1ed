import { stringify } from 'yaml';
import { checkConfig } from '../config/check-config.ts';
import { configExample } from '../config/config-example.ts';
import { configShape } from '../config/config-shape.ts';
import { daemonConfigSchema } from '../config/daemon-config.ts';
import { loadConfig } from '../config/load-config.ts';

/** @throws FlowpactError `FLOWPACT_CONFIG` with all that is wrong. */
export async function runConfigCheck(file: string): Promise<void> {
  const loaded = await loadConfig(file);
  await checkConfig(loaded);
  const { collectors, modules, outputs, exchange } = loaded.config;
  const count = (items: readonly unknown[], name: string) =>
    `${items.length} ${name}${items.length === 1 ? '' : 's'}`;
  const parts = [count(collectors, 'collector'), count(modules, 'module'), count(outputs, 'output')];
  if (exchange !== undefined) parts.push(count(loaded.partners, 'partner'));
  console.log(`${file} can run: ${parts.join(', ')}`);
}

export async function runConfigPrint(
  file: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const { config } = await loadConfig(file);
  process.stdout.write(json ? `${JSON.stringify(config, null, 2)}\n` : stringify(config));
}

export function runConfigSchema(): void {
  console.log(JSON.stringify({ title: 'flowpact.yaml', ...configShape(daemonConfigSchema) }, null, 2));
}

export function runConfigExample(): void {
  process.stdout.write(configExample);
}
