import { describe, expect, it } from 'vitest';
import { defaultMimeLimits } from '../../../src/index.ts';
import { takeMailApart } from '../../../src/mime/mail-parts.ts';
import { deliveryReportOf } from '../../../src/transport/smtp/delivery-report.ts';

/** As Postfix writes it, shortened. */
function bounce(
  parts: { status?: string; returned?: string; returnedType?: string; header?: string } = {},
): Buffer {
  const {
    status = 'Final-Recipient: rfc822; flex@isp-b.example\nOriginal-Recipient: rfc822;flex@isp-b.example\n' +
      'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such\n    user here',
    returned = 'From: flex@isp-a.example\nMessage-ID: <flex.17@isp-a.example>\n',
    returnedType = 'text/rfc822-headers',
    header = '',
  } = parts;
  const lines = `From: MAILER-DAEMON@relay.example\nSubject: Undelivered\n${header}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

I'm sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
Arrival-Date: Sun, 1 Mar 2026 12:00:00 +0000

${status}

--x
Content-Type: ${returnedType}

${returned}
--x--
`;
  return Buffer.from(lines.replaceAll('\n', '\r\n'));
}

async function read(mail: Buffer, envelopeFrom = '') {
  return deliveryReportOf(envelopeFrom, mail, await takeMailApart(mail, defaultMimeLimits));
}

describe('a delivery status notification', () => {
  it('says which mail, to whom, and what became of it', async () => {
    expect(await read(bounce())).toEqual({
      transport: 'smtp',
      reference: { sender: 'isp-a.example', id: '17' },
      recipient: 'flex@isp-b.example',
      action: 'failed',
      status: '5.1.1',
      diagnostic: '550 5.1.1 no such user here',
    });
  });

  it('may return the whole mail, a report by mail, or name it as what it answers', async () => {
    const whole = 'Message-ID: <flowpact.18@isp-a.example>\nSubject: x\n\nMessage-ID: <flex.1@evil>\n';
    expect(await read(bounce({ returned: whole, returnedType: 'message/rfc822' }))).toMatchObject({
      reference: { id: '18' },
    });
    const header = 'In-Reply-To: <flex.19@isp-a.example>\n';
    expect(await read(bounce({ returned: 'Subject: x\n', header }))).toMatchObject({
      reference: { id: '19' },
    });
  });

  it('tells of a delay, too, and by the address that we wrote', async () => {
    const status =
      'Original-Recipient: rfc822; flex@isp-b.example\nFinal-Recipient: rfc822; other@host.isp-b.example\n' +
      'Action: delayed (will retry)\nStatus: 4.4.1';
    expect(await read(bounce({ status }))).toMatchObject({
      action: 'delayed',
      status: '4.4.1',
      recipient: 'flex@isp-b.example',
    });
  });

  it.each([
    ['no action', { status: 'Final-Recipient: rfc822; flex@isp-b.example\nStatus: 5.1.1' }],
    ['an action that nobody knows', { status: 'Final-Recipient: rfc822; a@b.example\nAction: eaten' }],
    ['no recipient', { status: 'Action: failed\nStatus: 5.0.0' }],
    [
      'two recipients in one group',
      { status: 'Final-Recipient: rfc822;a@b\nFinal-Recipient: rfc822;c@d\nAction: failed' },
    ],
    ['no mail of ours', { returned: 'Message-ID: <hello@isp-a.example>\n' }],
    [
      'two names of the mail',
      { returned: 'Message-ID: <flex.1@a.example>\nMessage-ID: <flex.2@a.example>\n' },
    ],
  ])('is none with %s', async (_what, parts) => {
    expect(await read(bounce(parts))).toBeUndefined();
  });

  it('comes from nobody', async () => {
    expect(await read(bounce(), 'flex@isp-b.example')).toBeUndefined();
  });
});
