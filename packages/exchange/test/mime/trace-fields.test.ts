import { describe, expect, it } from 'vitest';
import { withoutTrace } from '../../src/mime/trace-fields.ts';

const written = 'From: a@isp-a.example\r\nSubject: x\r\n folded\r\nContent-Type: text/plain\r\n';
const body = '\r\nReceived: this is text\r\n\r\n\xe9';

const mail = (trace: string) => Buffer.from(`${trace}${written}${body}`, 'latin1');

describe('a mail without what was written on its way', () => {
  it.each([
    'Received: from x\r\n\tby y; Sun, 1 Mar 2026 12:00:00 +0000\r\n',
    'Return-Path: <a@isp-a.example>\r\nDelivered-To: flex@isp-b.example\r\nReceived: by z\r\n',
    'ARC-Seal: i=1\r\nDKIM-Signature: v=1;\r\n b=abc\r\nAuthentication-Results: x; dkim=pass\r\n',
  ])('is the same whichever way it took: %j', (trace) => {
    expect(withoutTrace(mail(trace)).toString('latin1')).toBe(`${written}${body}`);
  });

  it('is the very one where nothing was written', () => {
    const untouched = mail('');
    expect(withoutTrace(untouched)).toBe(untouched);
    const headerAlone = Buffer.from('From: a@b\r\n');
    expect(withoutTrace(headerAlone)).toBe(headerAlone);
  });
});
