export type { Decoded, Encoded, Format, FormatName, Loss } from './format.ts';
export { detectFormat, findFormat, formats } from './formats.ts';
export { FormatsError, type FormatsErrorCode } from './formats-error.ts';
export { defaultFormatsLimits, type FormatsLimits } from './formats-limits.ts';
export { type Transcoded, type TranscodeOptions, transcode } from './transcode.ts';
