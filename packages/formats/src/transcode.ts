import type { Message } from '@flowpact/event';
import type { FormatName, Loss } from './format.ts';
import { detectFormat, findFormat } from './formats.ts';
import { FormatsError } from './formats-error.ts';
import type { FormatsLimits } from './formats-limits.ts';

export interface TranscodeOptions {
  /** Left out: detected. */
  readonly from?: FormatName;
  readonly to: FormatName;
  readonly limits?: Partial<FormatsLimits>;
}

export interface Transcoded {
  readonly from: FormatName;
  readonly to: FormatName;
  readonly bytes: Uint8Array;
  readonly message: Message;
  /** `reading`: places in the input document; `writing`: fields of the model. */
  readonly losses: { readonly reading: readonly Loss[]; readonly writing: readonly Loss[] };
  /** Fields of the model that travel as the target format's additional data, see `Encoded`. */
  readonly additional: readonly string[];
}

/**
 * One document in another format.
 * @throws FormatsError `FORMATS_UNDETECTED` where no format recognises the input, else as `Format.decode` does.
 */
export function transcode(bytes: Uint8Array, { from, to, limits }: TranscodeOptions): Transcoded {
  const target = findFormat(to);
  const source = from === undefined ? detectFormat(bytes) : findFormat(from);
  if (source === undefined) {
    throw new FormatsError('FORMATS_UNDETECTED', 'no format recognises the input; say which one it is in');
  }
  const decoded = source.decode(bytes, limits);
  const encoded = target.encode(decoded.message);
  return {
    from: source.name,
    to: target.name,
    bytes: encoded.bytes,
    message: decoded.message,
    losses: { reading: decoded.losses, writing: encoded.losses },
    additional: encoded.additional,
  };
}
