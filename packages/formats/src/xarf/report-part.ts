import type { FormatsLimits } from '../formats-limits.ts';
import type { MailPart } from '../mail/mail-part.ts';
import { textOf } from '../mail/mail-text.ts';
import { parseYaml, type YamlValue } from '../yaml/parse-yaml.ts';
import { additionsKey } from './xarf-words.ts';

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
  if (!firstLine.test(text.slice(0, 4_000))) return undefined;
  const { others, ours } = withoutAdditions(text);
  const value = others.length <= limits.maxYamlLength ? parseYaml(others, limits) : undefined;
  if (value instanceof Map) {
    const fields = [...value].map(([key, item]) => [String(key), item as YamlValue] as const);
    if (isReport(fields)) return { fields: [...fields, ...ours], isYaml: true };
  }
  const fields = [...fieldsOfLines(others.split('\n')), ...ours];
  return isReport(fields) ? { fields, isYaml: false } : undefined;
}

/** Our additional data may be long, and is JSON: it is taken out of the text before a parser of YAML sees it. */
function withoutAdditions(text: string): {
  readonly others: string;
  readonly ours: readonly (readonly [string, YamlValue])[];
} {
  const begin = `\n${additionsKey}: |\n`;
  const start = text.indexOf(begin);
  if (start < 0) return { others: text, ours: [] };
  let end = start + begin.length;
  while (text.startsWith('  ', end)) {
    const lineFeed = text.indexOf('\n', end);
    end = lineFeed < 0 ? text.length : lineFeed + 1;
  }
  const block = text.slice(start + begin.length, end);
  return { others: `${text.slice(0, start + 1)}${text.slice(end)}`, ours: [[additionsKey, block]] };
}

/** After empty lines, directives, marks and comments of YAML; no line is any two of these, so that none is tried twice. */
const firstLine =
  /^\ufeff?(?:[ \t]*\n|(?:%|---|#)[^\n]*\n){0,50}[ \t]*["']?[A-Za-z][A-Za-z_-]{1,60}["']?[ \t]*:/;

function isReport(fields: readonly (readonly [string, YamlValue])[]): boolean {
  const keys = new Set(fields.map(([key]) => key.toLowerCase()));
  return keys.has('source') && (keys.has('report-type') || keys.has('category') || keys.has('reported-from'));
}

/** Values that are no YAML, as `User-Agent: - x` and `Report-ID: @x`, are texts. */
function fieldsOfLines(lines: readonly string[]): readonly (readonly [string, YamlValue])[] {
  const fields: (readonly [string, YamlValue])[] = [];
  for (const line of lines) {
    const [field, key] = /^[ \t]{0,3}([A-Za-z][A-Za-z0-9_-]{0,60})[ \t]{0,20}:(?=[ \t]|$)/.exec(line) ?? [];
    if (field === undefined || key === undefined) continue;
    const value = line.slice(field.length, 4_000).trim();
    fields.push([key, value === '' ? null : value.replace(/^(["'])(.*)\1$/, '$2')]);
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
