import type { InformationElement } from '../registry/information-element.ts';
import { hasSamplingRate } from '../sampling/sampling-code.ts';
import type { Allowance } from './allowance.ts';
import { createTemplate } from './create-template.ts';
import type { DecodeIssue } from './decode-issue.ts';
import type { DecoderLimits } from './decoder-limits.ts';
import type { MutableDecoderStats } from './decoder-stats.ts';
import type { IssueLog } from './issue-log.ts';
import { createKnownTemplate, type KnownTemplate, type ObservationDomain } from './observation-domain.ts';
import type { Template } from './template.ts';
import { firstTemplateId, type TemplateFormat, type TemplateRecord } from './template-format.ts';
import type { RememberedTemplate } from './template-memory.ts';

/** Keeps the templates of one transport session within its limits. */
export interface TemplateStore {
  /**
   * Reads a template set or options template set from `start` to `end`.
   *
   * @param onDefined told of each template that is new or differs from the one that had its id
   */
  readSet(
    bytes: Uint8Array,
    start: number,
    end: number,
    kind: Template['kind'],
    format: TemplateFormat,
    domain: ObservationDomain,
    onDefined: (known: KnownTemplate) => void,
  ): void;
  /** Names the fields of this element in the templates that have it. */
  renameFields(element: InformationElement, domains: Iterable<ObservationDomain>): void;
  /** Has the templates of a domain tell times, now that it is known when its exporter started. */
  useStart(domain: ObservationDomain): void;
  /** Takes up a template of an earlier session; one that is not whole is left out. */
  restore(template: RememberedTemplate, format: TemplateFormat, domain: ObservationDomain): void;
}

export function createTemplateStore(
  limits: DecoderLimits,
  stats: MutableDecoderStats,
  issues: IssueLog,
  fieldsLeft: Allowance,
): TemplateStore {
  function forget(domain: ObservationDomain, known: KnownTemplate): void {
    domain.templates.delete(known.template.id);
    domain.templatesChanged = true;
    fieldsLeft.giveBack(heldFields(known.template.fields.length));
  }

  /** A set id instead of a template's withdraws all templates of that kind (RFC 7011 section 8.1). */
  function withdraw(
    domain: ObservationDomain,
    id: number,
    { templateSetId, optionsTemplateSetId }: TemplateFormat,
  ): boolean {
    stats.templateWithdrawals++;
    if (id >= firstTemplateId) {
      const known = domain.templates.get(id);
      if (known !== undefined) forget(domain, known);
      return true;
    }
    if (id !== templateSetId && id !== optionsTemplateSetId) return false;
    const kind = id === templateSetId ? 'data' : 'options';
    for (const known of [...domain.templates.values()]) {
      if (known.template.kind === kind) forget(domain, known);
    }
    return true;
  }

  function refuse(
    domain: ObservationDomain,
    record: TemplateRecord,
    offset: number,
    issue: RefusalIssue,
  ): void {
    stats.refusedTemplates++;
    issues.report({ ...issue, templateId: record.id, offset }, domain);
  }

  /** The limit that a new template would break, or undefined. */
  function brokenLimit(domain: ObservationDomain, record: TemplateRecord): RefusalIssue | undefined {
    const { maxFieldsPerTemplate, maxTemplatesPerDomain } = limits;
    if (record.fieldCount > maxFieldsPerTemplate) {
      return {
        code: 'IPFIX_LIMIT_FIELDS',
        message: `a template of ${record.fieldCount} fields; maxFieldsPerTemplate is ${maxFieldsPerTemplate}`,
      };
    }
    if (!domain.templates.has(record.id) && domain.templates.size >= maxTemplatesPerDomain) {
      return {
        code: 'IPFIX_LIMIT_TEMPLATES',
        message: `${domain.templates.size} templates in this observation domain; maxTemplatesPerDomain is ${maxTemplatesPerDomain}`,
      };
    }
    return undefined;
  }

  /** Adds a template or replaces the one that had its id. */
  function define(
    bytes: Uint8Array,
    offset: number,
    record: TemplateRecord,
    kind: Template['kind'],
    format: TemplateFormat,
    domain: ObservationDomain,
    onDefined: (known: KnownTemplate) => void,
  ): void {
    const octets = bytes.subarray(offset, record.end);
    const previous = domain.templates.get(record.id);
    if (previous?.template.kind === kind && sameOctets(previous.octets, octets)) return;
    const broken = brokenLimit(domain, record);
    if (broken !== undefined) {
      // Data sets that follow have the new layout, so the old template must not read them.
      if (previous !== undefined) forget(domain, previous);
      refuse(domain, record, offset, broken);
      return;
    }
    if (previous !== undefined) forget(domain, previous);
    const read = format.read(bytes, record, kind, domain.id, domain.knowledge.findElement);
    const template = domain.start.systemInitTimeMs() === undefined ? read : withKnownStart(read);
    if (template.minRecordLength === 0) {
      // Any number of such records fits into a set: there is nothing to read and no end to it.
      const message = `template ${record.id} describes records without octets`;
      refuse(domain, record, offset, { code: 'IPFIX_TEMPLATE_EMPTY', message });
      return;
    }
    if (!fieldsLeft.take(heldFields(template.fields.length))) {
      const message = `no room for a template of ${template.fields.length} fields: this session holds maxFieldsPerSession, ${limits.maxFieldsPerSession}, or all sessions hold what they may together`;
      refuse(domain, record, offset, { code: 'IPFIX_LIMIT_FIELDS', message });
      return;
    }
    const known = createKnownTemplate(template, octets.slice());
    domain.templates.set(record.id, known);
    if (kind === 'data' && hasSamplingRate(template)) domain.stats.sampling = 'told';
    domain.templatesChanged = true;
    onDefined(known);
  }

  return {
    readSet(bytes, start, end, kind, format, domain, onDefined) {
      let at = start;
      // Fewer octets cannot be a template record, so they are padding.
      while (end - at >= format.shortestRecord) {
        const record = format.scan(bytes, at, end, kind);
        if (record.kind === 'padding') return;
        let reason = record.reason;
        if (record.kind === 'template') {
          stats.templates++;
          define(bytes, at, record, kind, format, domain, onDefined);
        } else if (record.kind === 'withdrawal' && !withdraw(domain, record.id, format)) {
          reason = `withdrawal of template id ${record.id}, which no template has`;
        }
        if (reason !== undefined) {
          const message = `${kind === 'data' ? 'template' : 'options template'} set: ${reason}`;
          issues.malformedSet(
            { code: 'IPFIX_TEMPLATE_MALFORMED', message, templateId: record.id, offset: at },
            domain,
          );
          return;
        }
        at = record.end;
      }
    },
    renameFields(element, domains) {
      const { pen, id } = element;
      for (const { templates } of domains) {
        for (const [templateId, { template, octets }] of templates) {
          if (!template.fields.some((field) => field.pen === pen && field.id === id)) continue;
          const fields = template.fields.map((field) =>
            field.pen === pen && field.id === id ? { ...field, element } : field,
          );
          templates.set(templateId, createKnownTemplate({ ...template, fields }, octets));
        }
      }
    },
    useStart({ templates }) {
      for (const [templateId, { template, octets }] of templates) {
        templates.set(templateId, createKnownTemplate(withKnownStart(template), octets));
      }
    },
    restore({ kind, octets }, format, domain) {
      if (octets.length < format.shortestRecord) return;
      const record = format.scan(octets, 0, octets.length, kind);
      if (record.kind !== 'template' || record.end !== octets.length) return;
      define(octets, 0, record, kind, format, domain, () => {});
      domain.templatesChanged = false;
    },
  };
}

/** NetFlow tells the start in every header, and its templates are left as they are. */
const withKnownStart = (template: Template): Template =>
  template.version === 10 ? createTemplate({ ...template, startKnown: true }) : template;

/** What a template without fields takes of memory, in fields. */
const fieldsOfNoField = 8;

const heldFields = (fieldCount: number) => fieldsOfNoField + fieldCount;

type RefusalIssue = Pick<DecodeIssue, 'code' | 'message'>;

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
