import { createHash } from 'node:crypto';
import type { FormatsLimits } from '../formats-limits.ts';
import type { JsonReading } from '../json/json-reading.ts';
import { attachmentProperty } from '../mail/attachment.ts';
import { textOf } from '../mail/mail-text.ts';
import { flowsOfCsv } from '../model/flow-csv.ts';
import type { Json } from '../model/message-json.ts';
import { flowsFile } from '../xarf/xarf-words.ts';
import { type JsonObject, textOfJson, wholeOfJson } from './xarf4-values.ts';

/** The flows, and every other piece of evidence as a property. */
export function evidenceOf(
  items: readonly JsonObject[],
  reading: JsonReading,
  limits: FormatsLimits,
): { readonly flows: Json | undefined; readonly attachments: readonly Json[] } {
  let flows: Json | undefined;
  const attachments: Json[] = [];
  for (const item of items) {
    const contentType = reading.field(item, 'content_type', textOfJson) ?? 'application/octet-stream';
    const fileName = reading.field(item, 'description', textOfJson);
    const payload = reading.field(item, 'payload', textOfJson);
    const hash = reading.field(item, 'hash', textOfJson);
    reading.field(item, 'size', (value) => wholeOfJson(value, Number.MAX_SAFE_INTEGER));
    if (payload === undefined) continue;
    const content = contentOf(payload, reading);
    if (hash !== undefined && !isHashOf(hash, content))
      reading.lose(
        'evidence[].hash',
        'approximated',
        `the evidence is not what its hash says: ${hash.slice(0, 20)}...`,
      );
    if (flows === undefined && fileName === flowsFile) {
      flows = flowsOfCsv(textOf(content, 'utf-8'), limits);
      if (flows !== undefined) continue;
    }
    const [, mediaType, charset] =
      /^\s*([a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+)(?:\s*;\s*charset="?([A-Za-z0-9._-]+)"?)?\s*$/i.exec(
        contentType.slice(0, 200),
      ) ?? [];
    attachments.push(
      attachmentProperty({
        mediaType: mediaType?.toLowerCase() ?? 'application/octet-stream',
        charset,
        fileName,
        content,
      }),
    );
  }
  return { flows, attachments };
}

/** Base64 as the schema wants it; other text as it is. */
function contentOf(payload: string, reading: JsonReading): Uint8Array {
  const compact = payload.replace(/\s+/g, '');
  if (compact.length % 4 === 0 && !/[^A-Za-z0-9+/=]/.test(compact)) return Buffer.from(compact, 'base64');
  reading.lose('evidence[].payload', 'approximated', 'not Base64: taken as text');
  return new TextEncoder().encode(payload);
}

function isHashOf(hash: string, content: Uint8Array): boolean {
  const [, algorithm, digest] = /^(md5|sha1|sha256|sha512):([a-fA-F0-9]+)$/.exec(hash) ?? [];
  if (algorithm === undefined) return false;
  return createHash(algorithm).update(content).digest('hex') === digest.toLowerCase();
}
