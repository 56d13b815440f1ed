import { createMessageBuilder, messageOverhead } from '../message/message-builder.ts';
import type { Template } from '../message/template.ts';
import { fieldLayout } from '../record/compile-cache.ts';
import { templateRecordOctets } from './exported-template.ts';

/** Templates of one observation domain at most; records of further layouts are refused. */
const mostTemplates = 1024;

const firstTemplateId = 256;
const templateSetId = 2;
const optionsTemplateSetId = 3;

export interface ExportedDomainDeps {
  readonly maxMessageLength: number;
  /** Whether all templates are to be announced again now. */
  isRefreshDue(): boolean;
  onMessage(message: Uint8Array, records: number): void;
}

/** One observation domain of what is sent: its templates, sequence number, and the message under construction. */
export interface ExportedDomain {
  /** The id under which records of this layout go out; undefined where there are too many or it is too long. */
  templateId(template: Template): number | undefined;
  /** Adds a record of a template asked for above. @returns whether it fits into a message at all */
  add(templateId: number, octets: Uint8Array, start: number, end: number, exportTime: number): boolean;
  flush(): void;
}

export function createExportedDomain(id: number, deps: ExportedDomainDeps): ExportedDomain {
  const { maxMessageLength, isRefreshDue, onMessage } = deps;
  const builder = createMessageBuilder(maxMessageLength);
  const longestRecord = maxMessageLength - messageOverhead;
  const ids = new Map<string, number | undefined>();
  const announced: { readonly setId: number; readonly octets: Uint8Array }[] = [];
  /** How many of them have gone out since they became due. */
  let sent = 0;
  let sequenceNumber = 0;
  let recordsInMessage = 0;
  let messageTime = 0;

  function flush(): void {
    if (builder.isEmpty) return;
    const message = builder.finish(messageTime, sequenceNumber, id);
    const records = recordsInMessage;
    sequenceNumber = (sequenceNumber + records) % 0x100000000;
    recordsInMessage = 0;
    onMessage(message, records);
  }

  function put(setId: number, octets: Uint8Array): void {
    if (!builder.fits(setId, octets.length)) flush();
    builder.add(setId, octets, octets.length);
  }

  return {
    templateId(template) {
      const layout = `${template.scopeFieldCount} ${fieldLayout(template)}`;
      if (ids.has(layout)) return ids.get(layout);
      if (ids.size >= mostTemplates) return undefined;
      const templateId = firstTemplateId + announced.length;
      const octets = templateRecordOctets(templateId, template);
      const fits = octets.length <= longestRecord;
      ids.set(layout, fits ? templateId : undefined);
      if (!fits) return undefined;
      announced.push({ setId: template.kind === 'data' ? templateSetId : optionsTemplateSetId, octets });
      return templateId;
    },
    add(templateId, octets, start, end, exportTime) {
      if (end - start > longestRecord) return false;
      if (exportTime !== messageTime) {
        flush();
        messageTime = exportTime;
      }
      if (builder.isEmpty && isRefreshDue()) sent = 0;
      for (; sent < announced.length; sent++) put(announced[sent].setId, announced[sent].octets);
      put(templateId, octets.subarray(start, end));
      recordsInMessage++;
      return true;
    },
    flush,
  };
}
