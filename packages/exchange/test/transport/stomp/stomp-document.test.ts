import type { IMessage } from '@stomp/stompjs';
import { describe, expect, it } from 'vitest';
import type { OutgoingDocument } from '../../../src/index.ts';
import { bodyOf, documentOf, headersOf } from '../../../src/transport/stomp/stomp-document.ts';
import { a, b, outgoing, startedTrust } from '../../trust/trusted-networks.ts';

/** The document as the broker hands it on. */
const carried = (document: OutgoingDocument) =>
  documentOf('/queue/isp-b', {
    headers: headersOf(document, '/queue/isp-a'),
    binaryBody: bodyOf(document),
  } as unknown as IMessage);

describe('a document in a STOMP frame', () => {
  it('is the record alone, where it is not signed', () => {
    const { attachment } = outgoing();
    expect(carried(outgoing())).toMatchObject({
      envelopeFrom: '/queue/isp-a',
      attachments: [{ name: attachment.name, mediaType: 'application/json', bytes: attachment.bytes }],
    });
  });

  it('is the signed entity with its type in the header, which one line holds', async () => {
    const signed = await (await startedTrust(a)).protect(outgoing(), b);
    expect(headersOf(signed, '/queue/isp-a')['content-type']).toMatch(
      /^multipart\/signed; boundary="[^\r\n]+$/,
    );
    const document = carried(signed);
    expect(document.attachments).toEqual([]);
    const opened = await (await startedTrust(b)).open(document);
    expect(opened).toMatchObject({
      document: { envelopeFrom: '/queue/isp-a', attachments: [{ name: 'x.json' }] },
      proof: { kind: 'signed', signers: [a] },
    });
  });

  it('is what its type says: one without is octets', () => {
    const body = Buffer.from('x');
    const document = documentOf('/queue/isp-b', { headers: {}, binaryBody: body } as unknown as IMessage);
    expect(document.attachments).toEqual([{ mediaType: 'application/octet-stream', bytes: body }]);
  });
});
