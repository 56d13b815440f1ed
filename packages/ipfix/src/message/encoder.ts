import { IpfixError } from '../ipfix-error.ts';
import type { FieldValue } from '../record/field-value.ts';
import { BadValue } from '../record/value-writer.ts';
import { createEncoderTemplate, type EncoderTemplate, type TemplateDefinition } from './encoder-template.ts';
import { createMessageBuilder, messageOverhead } from './message-builder.ts';
import { longestMessage } from './message-header.ts';
import { writeUint16 } from './network-byte-order.ts';
import { ipfixTemplates } from './template-set.ts';

export interface IpfixEncoderConfig {
  /** Default 0. */
  readonly observationDomainId?: number;
  /** Octets, 32 to 65,535; default 1,400, which fits into an Ethernet frame with room for tunnels. */
  readonly maxMessageLength?: number;
  /** Of the first message; default 0. */
  readonly sequenceNumber?: number;
}

export interface IpfixEncoderDeps {
  /** A finished message, whose octets belong to the receiver. */
  onMessage(message: Uint8Array): void;
}

/**
 * Makes the messages of one observation domain. Export times are seconds since 1970. A message goes out when the
 * next record does not fit, when the export time changes, and on `flush`.
 */
export interface IpfixEncoder {
  /**
   * Announces a template; its record goes out in front of the next data.
   *
   * @throws IpfixError `IPFIX_BAD_TEMPLATE`, also for an id in use: withdraw it first (RFC 7011 section 8.1);
   *   `IPFIX_RECORD_TOO_LONG` where the template record does not fit into a message
   */
  defineTemplate(definition: TemplateDefinition): void;
  /** Withdraws a template. Not for UDP (RFC 7011 section 8.4). @throws IpfixError `IPFIX_BAD_TEMPLATE` */
  withdrawTemplate(id: number): void;
  /** Announces all templates again, as has to be done from time to time over UDP (RFC 7011 section 8.4). */
  repeatTemplates(): void;
  /**
   * Adds a data record.
   *
   * @param values in the order of the template's fields, of the types that {@link FieldValue} lists; IPv4 and
   *   MAC addresses may be unsigned integers
   * @throws IpfixError `IPFIX_BAD_TEMPLATE` for an id not defined, `IPFIX_BAD_VALUE`, `IPFIX_RECORD_TOO_LONG`;
   *   nothing was added then
   */
  addRecord(templateId: number, values: readonly FieldValue[], exportTime: number): void;
  /** Sends what is under construction, if anything. */
  flush(exportTime: number): void;
  /** Of the next message: data records sent so far, modulo 2^32. */
  readonly sequenceNumber: number;
}

const uint32Limit = 0x100000000;

/** @throws IpfixError `IPFIX_BAD_CONFIG` */
export function createIpfixEncoder(config: IpfixEncoderConfig, deps: IpfixEncoderDeps): IpfixEncoder {
  const { observationDomainId = 0, maxMessageLength = 1400 } = config;
  let { sequenceNumber = 0 } = config;
  checkRange('observationDomainId', observationDomainId, 0, uint32Limit - 1);
  checkRange('maxMessageLength', maxMessageLength, 32, longestMessage);
  checkRange('sequenceNumber', sequenceNumber, 0, uint32Limit - 1);

  const builder = createMessageBuilder(maxMessageLength);
  const templates = new Map<number, EncoderTemplate>();
  /** Template and withdrawal records that wait for the next data: only then is the export time known. */
  let announcements: { readonly setId: number; readonly octets: Uint8Array }[] = [];
  const record = new Uint8Array(longestMessage);
  let recordsInMessage = 0;
  let messageTime = 0;

  const setIdOf = ({ kind }: EncoderTemplate) =>
    kind === 'data' ? ipfixTemplates.templateSetId : ipfixTemplates.optionsTemplateSetId;

  function finishMessage(): void {
    if (builder.isEmpty) return;
    const message = builder.finish(messageTime, sequenceNumber, observationDomainId);
    sequenceNumber = (sequenceNumber + recordsInMessage) % uint32Limit;
    recordsInMessage = 0;
    deps.onMessage(message);
  }

  function add(setId: number, octets: Uint8Array, length: number): void {
    if (!builder.fits(setId, length)) finishMessage();
    builder.add(setId, octets, length);
  }

  /** Ends a message of another second, and puts the announcements into the one that follows. */
  function beginAt(exportTime: number): void {
    checkRange('exportTime', exportTime, 0, uint32Limit - 1);
    if (exportTime !== messageTime) finishMessage();
    messageTime = exportTime;
    if (announcements.length === 0) return;
    const waiting = announcements;
    announcements = [];
    for (const { setId, octets } of waiting) add(setId, octets, octets.length);
  }

  function known(id: number): EncoderTemplate {
    const template = templates.get(id);
    if (template !== undefined) return template;
    throw new IpfixError('IPFIX_BAD_TEMPLATE', `template ${id} is not defined: call defineTemplate`, {
      templateId: id,
    });
  }

  function writeRecord(templateId: number, template: EncoderTemplate, values: readonly FieldValue[]): number {
    const { writers, fieldNames } = template;
    if (values.length !== writers.length) {
      const message = `template ${templateId} has ${writers.length} fields, but ${values.length} values are given`;
      throw new IpfixError('IPFIX_BAD_VALUE', message, { templateId });
    }
    let length = 0;
    for (let i = 0; i < writers.length; i++) {
      try {
        length = writers[i](values[i], record, length);
      } catch (cause) {
        if (!(cause instanceof BadValue)) throw cause;
        const message = `template ${templateId}, field ${i + 1} (${fieldNames[i]}): ${cause.message}`;
        throw new IpfixError('IPFIX_BAD_VALUE', message, { templateId, cause });
      }
    }
    return length;
  }

  function checkLength(what: string, templateId: number, length: number): void {
    const most = maxMessageLength - messageOverhead;
    if (length <= most) return;
    const message = `${what} ${templateId} has ${length} octets; a message of ${maxMessageLength} holds ${most}`;
    throw new IpfixError('IPFIX_RECORD_TOO_LONG', message, { templateId });
  }

  return {
    defineTemplate(definition) {
      const { id } = definition;
      if (templates.has(id)) {
        throw new IpfixError('IPFIX_BAD_TEMPLATE', `template ${id} is defined already: withdraw it first`, {
          templateId: id,
        });
      }
      const template = createEncoderTemplate(definition);
      checkLength('template', id, template.octets.length);
      templates.set(id, template);
      announcements.push({ setId: setIdOf(template), octets: template.octets });
    },
    withdrawTemplate(id) {
      const template = known(id);
      templates.delete(id);
      const octets = new Uint8Array(4);
      writeUint16(octets, 0, id);
      announcements.push({ setId: setIdOf(template), octets });
    },
    repeatTemplates() {
      announcements.push(...[...templates.values()].map((t) => ({ setId: setIdOf(t), octets: t.octets })));
    },
    addRecord(templateId, values, exportTime) {
      const length = writeRecord(templateId, known(templateId), values);
      checkLength('a record of template', templateId, length);
      beginAt(exportTime);
      add(templateId, record, length);
      recordsInMessage++;
    },
    flush(exportTime) {
      beginAt(exportTime);
      finishMessage();
    },
    get sequenceNumber() {
      return sequenceNumber;
    },
  };
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new IpfixError('IPFIX_BAD_CONFIG', `${name} is ${value}: give an integer from ${least} to ${most}`);
}
