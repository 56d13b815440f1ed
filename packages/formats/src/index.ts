export type { Decoded, Encoded, Format, FormatName, Loss } from './format.ts';
export { detectFormat, findFormat, formats } from './formats.ts';
export { FormatsError, type FormatsErrorCode } from './formats-error.ts';
export { defaultFormatsLimits, type FormatsLimits } from './formats-limits.ts';
export { encodeSecureXarf } from './pgp/encode-secure-xarf.ts';
export { type OpenedMail, type OpenMailConfig, openMail } from './pgp/open-mail.ts';
export type { SecretKey } from './pgp/pgp-keys.ts';
export type { PgpDeps, SecureMailConfig } from './pgp/secure-mail.ts';
export { type Transcoded, type TranscodeOptions, transcode } from './transcode.ts';
