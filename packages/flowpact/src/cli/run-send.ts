import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { securityEventFromJson } from '@flowpact/event';
import type { FormatName } from '@flowpact/formats';
import { loadConfig } from '../config/load-config.ts';
import { withOffice } from '../exchange/reach-office.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { messageReferenceText } from './message-reference.ts';

export async function runSend(
  file: string,
  { to, as: language, config }: { readonly to: string; readonly as?: string; readonly config: string },
): Promise<void> {
  const event = securityEventFromJson(await readText(file));
  const loaded = await loadConfig(config);
  const reference = await withOffice(loaded, 'act', (office) => office.send(event, to, language));
  const read = loaded.partners.find((partner) => partner.config.name === to)?.config.languages;
  if (language !== undefined && read?.includes(language as FormatName) === false) {
    console.error(
      `flowpact: sent as ${language}, which ${to} does not list among its languages: ${read.join(', ')}`,
    );
  }
  console.log(messageReferenceText(reference));
}

/** @throws FlowpactError `FLOWPACT_FILE`. */
async function readText(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}
