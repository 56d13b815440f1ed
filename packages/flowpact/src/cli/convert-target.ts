import type { Message } from '@flowpact/event';
import {
  createRedactedArfFormat,
  type Encoded,
  encodeSecureXarf,
  type Format,
  findFormat,
} from '@flowpact/formats';
import { FlowpactError } from '../flowpact-error.ts';
import { keyText, type MailKeyOptions, secureTarget, signingConfig } from './mail-keys.ts';

export interface ConvertTargetOptions extends MailKeyOptions {
  readonly to?: string;
  /** A file; a line end after the key is not part of it. */
  readonly redactionKey?: string;
}

/** What messages are written as. */
export interface ConvertTarget {
  /** As it was asked for. */
  readonly name: string;
  readonly fileExtension: string;
  /** One document after another is lines of JSON (NDJSON). */
  readonly isLines: boolean;
  /** One mail, of however many reports there are. */
  readonly isBulk: boolean;
  encode(message: Message): Promise<Encoded>;
}

const bulkTarget = 'xarf-bulk';

/**
 * Undefined where nothing is asked for.
 * @throws FlowpactError for keys that are missing, cannot be read, or do not go with it; FormatsError for an unknown one
 */
export async function convertTarget(options: ConvertTargetOptions): Promise<ConvertTarget | undefined> {
  const { to, redactionKey } = options;
  const signing = await signingConfig(to, options);
  if (redactionKey !== undefined && to !== 'arf')
    throw new FlowpactError('FLOWPACT_USAGE', '--redaction-key goes with --to arf');
  if (to === undefined) return undefined;
  const format = await formatOf(to, redactionKey);
  return {
    name: to,
    fileExtension: format.fileExtension,
    isLines: /\bjson\b/.test(format.mediaType),
    isBulk: to === bulkTarget,
    encode: async (message) =>
      signing === undefined ? format.encode(message) : await encodeSecureXarf(message, signing),
  };
}

async function formatOf(to: string, redactionKey: string | undefined): Promise<Format> {
  if (to === secureTarget || to === bulkTarget) return findFormat('xarf');
  if (redactionKey === undefined) return findFormat(to);
  const key = (await keyText(redactionKey)).replace(/\r?\n$/, '');
  if (key === '') throw new FlowpactError('FLOWPACT_USAGE', `${redactionKey} has no key in it`);
  return createRedactedArfFormat({ redactionKey: key });
}
