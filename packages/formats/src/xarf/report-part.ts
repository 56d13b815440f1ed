import type { FormatsLimits } from '../formats-limits.ts';
import type { MailPart } from '../mail/mail-part.ts';
import { textOf } from '../mail/mail-text.ts';
import { parseYaml, type YamlValue } from '../yaml/parse-yaml.ts';

/** A report as keys and values, in their order. */
export interface Report {
  readonly part: MailPart;
  readonly fields: readonly (readonly [string, YamlValue])[];
  /** Whether it was YAML; else it was read line by line. */
  readonly isYaml: boolean;
}

/**
 * The report among the parts of a mail: the one called `report.txt`, else the first text that is one from its first
 * line, else a text for people that has one in it.
 */
export function reportOf(leaves: readonly MailPart[], limits: FormatsLimits): Report | undefined {
  const texts = leaves.filter(
    ({ mediaType, fileName }) => mediaType === 'text/plain' || isReportName(fileName),
  );
  const named = texts.filter(({ fileName }) => isReportName(fileName));
  for (const part of [...named, ...texts.filter((text) => !named.includes(text))]) {
    const text = textOf(part.content, part.charset);
    const report = reportOfText(text, limits);
    if (report !== undefined) return { part, ...report };
  }
  for (const part of texts) {
    const fields = fieldsWithin(textOf(part.content, part.charset));
    if (fields !== undefined) return { part, fields, isYaml: false };
  }
  return undefined;
}

export function isReportName(fileName: string | undefined): boolean {
  return fileName !== undefined && /^report\.(txt|ya?ml)$/i.test(fileName);
}

function reportOfText(text: string, limits: FormatsLimits): Omit<Report, 'part'> | undefined {
  // The first line tells whether it can be one, before a parser is asked.
  if (
    !/^(?:\ufeff?(?:\s*|%YAML[^\n]*|---[^\n]*|#[^\n]*)\n){0,20}\s*["']?[A-Za-z][A-Za-z_-]{1,60}["']?\s*:/.test(
      text.slice(0, 4_000),
    )
  )
    return undefined;
  const value = parseYaml(text, limits);
  if (value instanceof Map) {
    const fields = [...value].map(([key, item]) => [String(key), item as YamlValue] as const);
    if (isReport(fields)) return { fields, isYaml: true };
  }
  const fields = fieldsOfLines(text.split('\n'));
  return isReport(fields) ? { fields, isYaml: false } : undefined;
}

function isReport(fields: readonly (readonly [string, YamlValue])[]): boolean {
  const keys = new Set(fields.map(([key]) => key.toLowerCase()));
  return keys.has('source') && (keys.has('report-type') || keys.has('category') || keys.has('reported-from'));
}

/** Values that are no YAML, as `User-Agent: - x` and `Report-ID: @x`, are texts. */
function fieldsOfLines(lines: readonly string[]): readonly (readonly [string, YamlValue])[] {
  const fields: (readonly [string, YamlValue])[] = [];
  for (const line of lines) {
    const [, key, value] =
      /^\s{0,3}([A-Za-z][A-Za-z0-9_-]{0,60})\s{0,20}:(?:\s+(.*))?$/.exec(line.slice(0, 4_000)) ?? [];
    if (key !== undefined)
      fields.push([key, value === undefined ? null : value.trim().replace(/^(["'])(.*)\1$/, '$2')]);
  }
  return fields;
}

/** The longest run of lines that are fields, in a text that says other things too. */
function fieldsWithin(text: string): readonly (readonly [string, YamlValue])[] | undefined {
  let best: readonly (readonly [string, YamlValue])[] = [];
  let run: string[] = [];
  for (const line of [...text.split('\n'), '']) {
    if (/^\s{0,3}[A-Za-z][A-Za-z0-9_-]{0,60}\s{0,20}:(\s|$)/.test(line)) {
      run.push(line);
      continue;
    }
    if (run.length > best.length) {
      const fields = fieldsOfLines(run);
      if (isReport(fields)) best = fields;
    }
    run = [];
  }
  return best.length === 0 ? undefined : best;
}
