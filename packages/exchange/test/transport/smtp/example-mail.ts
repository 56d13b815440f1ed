/** A mail with a text and an attachment, as the sender of this package would write it. */
export function exampleMail(attachment: Uint8Array, mediaType = 'application/json'): string {
  const base64 = Buffer.from(attachment).toString('base64').replace(/.{76}/g, '$&\r\n');
  return mailOf(base64, mediaType);
}

/** … with this as the body of the attachment, base64 or not. */
export function mailOf(body: string, mediaType = 'application/json'): string {
  return [
    'From: flex@isp-a.example',
    'To: flex@isp-b.example',
    'Subject: [JSON] alert',
    'Message-ID: <flex.17@isp-a.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="between"',
    '',
    '--between',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'isp-a.example reports a security event.',
    '--between',
    `Content-Type: ${mediaType}; name="isp-a.example-17.json"`,
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="isp-a.example-17.json"',
    '',
    body,
    '--between--',
    '',
  ].join('\r\n');
}

/** Multiparts within each other, this many of them. */
export function nestedMail(depth: number): string {
  const open = Array.from(
    { length: depth },
    (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\r\n\r\n--b${i}\r\n`,
  );
  return `${open.join('')}Content-Type: text/plain\r\n\r\nhere\r\n`;
}

/** One multipart with this many parts. */
export function broadMail(parts: number): string {
  const part = '--between\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx\r\n';
  return `Content-Type: multipart/mixed; boundary=between\r\n\r\n${part.repeat(parts)}--between--\r\n`;
}
