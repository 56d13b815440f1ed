import { documentsWithin } from './documents-within.ts';
import type { Decoded, FormatName, Undecoded } from './format.ts';
import { detectFormat, findFormat } from './formats.ts';
import { FormatsError } from './formats-error.ts';
import { checkEvents, type FormatsLimits, resolveFormatsLimits } from './formats-limits.ts';

export interface MessagesWithinOptions {
  /** Left out: detected. */
  readonly from?: FormatName;
  readonly limits?: Partial<FormatsLimits>;
}

/** A message, or why there is none, and the format that it was in. */
export type MessageWithin = ({ readonly from: FormatName } & Decoded) | Undecoded;

/**
 * Every message in the octets: of every mail in a mail of several reports, of every event in a document of several.
 * Each stands for itself: one that cannot be read does not keep the others from being read.
 * @throws FormatsError where none can be read for a reason that is common to all: `FORMATS_UNDETECTED` where no format
 * recognises the input, `FORMATS_LIMIT` beyond `maxEvents`, else as the decoders
 */
export function messagesWithin(
  bytes: Uint8Array,
  { from, limits }: MessagesWithinOptions = {},
): readonly MessageWithin[] {
  const resolved = resolveFormatsLimits(limits);
  const documents = from === 'xarf-bulk' ? [bytes] : documentsWithin(bytes, resolved);
  checkEvents(documents.length, resolved);
  const messages: MessageWithin[] = [];
  for (const document of documents) {
    try {
      messages.push(...messagesOf(document, from, resolved));
    } catch (error) {
      if (!(error instanceof FormatsError) || documents.length === 1) throw error;
      messages.push({ error });
    }
    checkEvents(messages.length, resolved);
  }
  return messages;
}

function messagesOf(
  bytes: Uint8Array,
  from: FormatName | undefined,
  limits: FormatsLimits,
): readonly MessageWithin[] {
  const format = from === undefined ? detectFormat(bytes) : findFormat(from);
  if (format === undefined) {
    throw new FormatsError('FORMATS_UNDETECTED', 'no format recognises the input; say which one it is in');
  }
  const { name } = format;
  return format
    .decodeAll(bytes, limits)
    .map((outcome) => ('error' in outcome ? outcome : { from: name, ...outcome }));
}
