import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type MimeNode, Splitter, type SplitterChunk } from '@zone-eu/mailsplit';
import { ExchangeError } from '../exchange-error.ts';
import type { Attachment } from '../transport/transport.ts';
import { decodeBase64 } from './base64.ts';
import type { MimeLimits } from './mime-limits.ts';

/** What a mail is made of. */
export interface MailParts {
  readonly mailMessageId?: string;
  /** The first `text/plain` part that is not an attachment. */
  readonly text?: string;
  /** All other parts that are no multiparts, in their order; a mail within the mail is one of them, unopened. */
  readonly attachments: readonly Attachment[];
  /** How many relays say that they have passed it on (`Received`). */
  readonly hops: number;
}

/**
 * Takes a mail (RFC 5322, MIME) apart.
 * @throws ExchangeError `EXCHANGE_BAD_MESSAGE`, permanent, where it exceeds a limit or cannot be decoded.
 */
export async function takeMailApart(mail: Uint8Array, limits: MimeLimits): Promise<MailParts> {
  const leaves: Leaf[] = [];
  const nesting = new Map<unknown, number>();
  let root: MimeNode | undefined;
  try {
    const splitter = guardLines(
      new Splitter({
        ignoreEmbedded: true,
        maxHeadSize: limits.maxHeaderBytes,
        maxChildNodes: limits.maxParts,
      }),
    );
    await pipeline(
      Readable.from(slices(mail), { objectMode: false }),
      splitter,
      async (chunks: AsyncIterable<SplitterChunk>) => {
        for await (const chunk of chunks) {
          if (chunk.type === 'node') {
            const level = 1 + (nesting.get(chunk.parentNode) ?? 0);
            nesting.set(chunk, level);
            if (level > limits.maxNesting + 1) {
              throw refusal(`more than ${limits.maxNesting} MIME multiparts within each other`);
            }
            root ??= chunk;
            if (chunk.multipart === false) leaves.push({ node: chunk, body: [] });
          } else if (chunk.type === 'body' && leaves.at(-1)?.node === chunk.node) {
            leaves.at(-1)!.body.push(chunk.value);
          }
        }
      },
    );
  } catch (cause) {
    if (cause instanceof ExchangeError) throw cause;
    throw refusal(`the mail cannot be taken apart: ${(cause as Error).message}`, cause);
  }
  return assemble(root, leaves, limits);
}

interface Leaf {
  readonly node: MimeNode;
  readonly body: Buffer[];
}

async function assemble(
  root: MimeNode | undefined,
  leaves: readonly Leaf[],
  limits: MimeLimits,
): Promise<MailParts> {
  let text: string | undefined;
  const attachments: Attachment[] = [];
  for (const { node, body } of leaves) {
    const bytes = await decodeBody(node, Buffer.concat(body));
    const mediaType = node.contentType || 'text/plain';
    if (text === undefined && mediaType === 'text/plain' && node.disposition !== 'attachment') {
      text = decodeText(bytes, node.charset || 'utf-8').slice(0, limits.maxTextLength);
    } else {
      attachments.push({ mediaType, bytes, ...(node.filename === false ? {} : { name: node.filename }) });
    }
  }
  const mailMessageId = root?.headers ? root.headers.getFirst('Message-ID') : '';
  return {
    ...(/^<[^<>\s]{1,990}>$/.test(mailMessageId) ? { mailMessageId } : {}),
    ...(text === undefined ? {} : { text }),
    attachments,
    hops: root?.headers ? root.headers.get('Received').length : 0,
  };
}

/** By Content-Transfer-Encoding (RFC 2045, section 6). */
async function decodeBody(node: MimeNode, body: Buffer): Promise<Uint8Array> {
  switch (node.encoding || '7bit') {
    case '7bit':
    case '8bit':
    case 'binary':
      return body;
    case 'base64': {
      const bytes = decodeBase64(body);
      if (bytes === undefined) throw refusal('a part of the mail has damaged base64');
      return bytes;
    }
    case 'quoted-printable': {
      const decoded: Buffer[] = [];
      await pipeline(Readable.from([body]), node.getDecoder(), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) decoded.push(chunk);
      });
      return Buffer.concat(decoded);
    }
    default:
      throw refusal('a part of the mail has an unknown Content-Transfer-Encoding');
  }
}

function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A charset that nobody knows; the text is for people, who will see what they can.
    return new TextDecoder('latin1').decode(bytes);
  }
}

/**
 * Header parsing runs in a timer of the splitter, where whatever it throws would end the process; here it becomes an
 * error of the stream. The method is missing in the declarations of @zone-eu/mailsplit, which is pinned.
 */
function guardLines(splitter: Splitter): Splitter {
  const lines = splitter as unknown as {
    processLine(line: unknown, final: boolean, next: (error: unknown) => void): void;
  };
  const processLine = lines.processLine.bind(splitter);
  lines.processLine = (line, final, next) => {
    try {
      processLine(line, final, next);
    } catch (cause) {
      next(cause);
    }
  };
  return splitter;
}

function* slices(bytes: Uint8Array): Generator<Buffer> {
  const sliceBytes = 64 * 1024;
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    yield Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(sliceBytes, bytes.length - start));
  }
}

function refusal(message: string, cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_MESSAGE', message, { permanent: true, cause });
}
