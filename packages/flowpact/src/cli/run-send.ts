import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { securityEventFromJson } from '@flowpact/event';
import type { FormatName } from '@flowpact/formats';
import { loadConfig } from '../config/load-config.ts';
import { parseAsk } from '../exchange/ask-text.ts';
import { withOffice } from '../exchange/reach-office.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { messageReferenceText } from './message-reference.ts';

export interface SendOptions {
  /** The partner. */
  readonly to: string;
  readonly as?: string;
  readonly ask?: readonly string[];
  /** Milliseconds. */
  readonly for?: number;
  readonly scope?: readonly string[];
  readonly config: string;
}

export async function runSend(
  file: string,
  { to, as: language, ask = [], for: lifetimeMs, scope, config }: SendOptions,
): Promise<void> {
  const event = securityEventFromJson(await readText(file));
  if (ask.length === 0 && (lifetimeMs ?? scope) !== undefined) {
    throw new FlowpactError('FLOWPACT_USAGE', '--for and --scope belong to --ask: say what is asked for');
  }
  const terms = { ...(lifetimeMs !== undefined && { lifetimeMs }), ...(scope && { scope }) };
  const asks = ask.map((each) => parseAsk(each, terms, event));
  const loaded = await loadConfig(config);
  const reference = await withOffice(loaded, 'act', (office) =>
    asks.length === 0 ? office.send(event, to, language) : office.ask(event, asks, to),
  );
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
