import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { securityEventFromJson } from '@flowpact/event';
import { loadConfig } from '../config/load-config.ts';
import { withOffice } from '../exchange/reach-office.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { messageReferenceText } from './message-reference.ts';

export async function runSend(
  file: string,
  { to, config }: { readonly to: string; readonly config: string },
): Promise<void> {
  const event = securityEventFromJson(await readText(file));
  const reference = await withOffice(await loadConfig(config), (office) => office.send(event, to));
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
