import { headerFields, splitHeader } from './mime-entity.ts';

/**
 * What mail systems on the way write above a header (RFC 5321, section 4.4; RFC 8601; RFC 8617), and differently each time
 * that they carry the same mail.
 */
const traceField =
  /^(received|return-path|delivered-to|x-original-to|received-spf|authentication-results|dkim-signature|arc-.*|x-spam-.*|x-virus-.*)$/i;

/** The mail as its sender wrote it, so that a repeat is the same to the octet. */
export function withoutTrace(mail: Buffer): Buffer {
  const { header, body } = splitHeader(mail);
  const fields = headerFields(header);
  const written = fields.filter(({ name }) => !traceField.test(name));
  if (written.length === fields.length) return mail;
  const lines = written.map(({ text }) => `${text}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${lines}\r\n`, 'latin1'), body]);
}
