import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as endpoint from '../src/endpoint.ts';
import { epochMsSchema } from '../src/epoch-ms.ts';
import * as flowTable from '../src/flow-table.ts';
import { eventTypes, taxonomies, taxonomyClasses } from '../src/index.ts';
import { countSchema, positiveSchema } from '../src/integer.ts';
import * as message from '../src/message.ts';
import * as securityEvent from '../src/security-event.ts';
import { textSchema } from '../src/text.ts';

const source = resolve(import.meta.dirname, '../src');
const page = '../../../docs/reference/security-event.md';

/** The parts of the model, in the order of the page. */
const parts: Readonly<Record<string, z.ZodType>> = {
  Message: message.messageSchema,
  Party: message.partySchema,
  SecurityEvent: securityEvent.securityEventSchema,
  Endpoint: endpoint.endpointSchema,
  PortRange: endpoint.portRangeSchema,
  Detector: securityEvent.detectorSchema,
  Classification: securityEvent.classificationSchema,
  Totals: securityEvent.totalsSchema,
  FlowSource: securityEvent.flowSourceSchema,
  Property: securityEvent.propertySchema,
  FlowTable: flowTable.flowTableSchema,
  FlowLayout: flowTable.flowLayoutSchema,
  FlowColumn: flowTable.flowColumnSchema,
  Anonymisation: flowTable.anonymisationSchema,
  Sampling: flowTable.samplingSchema,
  FlowGroup: flowTable.flowGroupSchema,
  Conversation: message.conversationSchema,
  MessageRef: message.messageRefSchema,
  Ask: message.askSchema,
  Outcome: message.outcomeSchema,
};

/** Schemas of single values, in words. */
const values = new Map<unknown, string>([
  [textSchema, 'text'],
  [epochMsSchema, 'time'],
  [countSchema, 'integer from 0'],
  [positiveSchema, 'integer from 1'],
  [endpoint.addressSchema, 'IP address as text'],
  [message.messageIdSchema, 'integer as text'],
  [flowTable.flowValueSchema, 'flow value'],
  [flowTable.flowRowSchema, 'row: list of flow values'],
]);

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly meaning: string;
}

/** Takes off what does not change the values: readonly, optional. */
function inner(schema: z.ZodType): { readonly schema: z.ZodType; readonly isOptional: boolean } {
  let isOptional = false;
  let current = schema;
  while (current instanceof z.ZodReadonly || current instanceof z.ZodOptional) {
    if (current instanceof z.ZodOptional) isOptional = true;
    if (isNamed(current)) break;
    current = current.unwrap() as z.ZodType;
  }
  return { schema: current, isOptional };
}

function partOf(schema: z.ZodType): string | undefined {
  return Object.keys(parts).find((name) => parts[name] === schema);
}

function isNamed(schema: z.ZodType): boolean {
  return values.has(schema) || partOf(schema) !== undefined;
}

function typeText(given: z.ZodType): string {
  const { schema } = inner(given);
  const part = partOf(schema);
  if (part !== undefined) return `[${part}](#${part.toLowerCase()})`;
  const value = values.get(schema);
  if (value !== undefined) return value;
  if (schema instanceof z.ZodArray) return `list of ${typeText(schema.element as z.ZodType)}`;
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.map((word) => `\`${word}\``).join(', ')}`;
  if (schema instanceof z.ZodLiteral) return `\`${schema.value}\``;
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).map(typeText).join(' or ');
  if (schema instanceof z.ZodCustom) return 'octets';
  const { type, minimum, maximum, pattern, minLength } = z.toJSONSchema(schema) as Record<string, unknown>;
  if (type === 'integer') return `integer ${minimum}..${maximum}`;
  if (type === 'string' && pattern !== undefined) return `text like \`${pattern}\``;
  if (type === 'string') return minLength === 1 ? 'text, not empty' : 'text';
  throw new Error(`no words for ${JSON.stringify(z.toJSONSchema(schema))}`);
}

/** The comments above fields and above schemas, by schema and field, as the sources have them. */
function commentsOfSources(): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const file of readdirSync(source)) {
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, comment, name, body] of text.matchAll(
      /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export const (\w+)Schema\b([\s\S]*?)\n(?=export type|\n)/g,
    )) {
      if (comment !== undefined) comments.set(name, words(comment));
      for (const [, meaning, field] of body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+):/g)) {
        comments.set(`${name}.${field}`, words(meaning));
      }
    }
  }
  return comments;
}

function words(comment: string): string {
  return comment
    .replace(/^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}

const comments = commentsOfSources();

function fieldsOf(name: string, object: z.ZodObject): readonly Field[] {
  const owner = name[0].toLowerCase() + name.slice(1);
  return Object.entries(object.shape as Record<string, z.ZodType>).map(([field, schema]) => ({
    name: field,
    type: typeText(schema),
    isRequired: !inner(schema).isOptional,
    meaning: comments.get(`${owner}.${field}`) ?? '',
  }));
}

function tableOf(fields: readonly Field[]): string {
  const rows = fields.map(
    ({ name, type, isRequired, meaning }) =>
      `| \`${name}\`${isRequired ? ' *' : ''} | ${type} | ${meaning} |`,
  );
  return `| field | value | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function section(name: string, schema: z.ZodType): string {
  const owner = name[0].toLowerCase() + name.slice(1);
  const head = `## ${name}\n\n${comments.get(owner) ?? ''}\n`;
  let object = schema;
  while (object instanceof z.ZodReadonly) object = object.unwrap() as z.ZodType;
  if (object instanceof z.ZodObject) return `${head}\n${tableOf(fieldsOf(name, object))}`;
  if (!(object instanceof z.ZodUnion)) throw new Error(`${name} is neither an object nor a choice of some`);
  const tables = (object.options as z.ZodType[]).map((option) => {
    let alternative = option;
    while (alternative instanceof z.ZodReadonly) alternative = alternative.unwrap() as z.ZodType;
    return tableOf(fieldsOf(name, alternative as z.ZodObject));
  });
  return `${head}\n${tables.join('\nor\n\n')}`;
}

function taxonomyTable(): string {
  const rows = eventTypes.map(
    (type) => `| ${type} | ${taxonomies.map((taxonomy) => taxonomyClasses[type][taxonomy]).join(' | ')} |`,
  );
  return `| type | ${taxonomies.join(' | ')} |\n| --- |${taxonomies.map(() => ' --- |').join('')}\n${rows.join('\n')}\n`;
}

function pageText(): string {
  return `# The model of security events and messages

What all of Flowpact speaks about, field by field. Made from the schemas of
[packages/event](../../packages/event/README.md) with \`npx vitest run packages/event/test/reference-page.test.ts -u\`; a test
fails where this page and the schemas differ. \`parseMessage\` checks every message against them.

Fields with a star must be there. Times are whole milliseconds since 1970, in the years 0000 to 9999. Integers without an
upper limit go to 2^511-1. A flow value is nothing, a number, a text, a boolean, octets or a list of flow values. In JSON,
octets are \`{"$octets":"c0000201"}\`, integers beyond 2^53-1 \`{"$integer":"18446744073709551615"}\`.

${Object.entries(parts)
  .map(([name, schema]) => section(name, schema))
  .join('\n')}
## Types in taxonomies

What a type of event is called in the Reference Security Incident Taxonomy (\`rsit\`) and in eCSIRT.net mkVI (\`ecsirt\`), as the
value of a [classification](#classification) of that scheme.

${taxonomyTable()}`;
}

describe('docs/reference/security-event.md', () => {
  it('says what the schemas say', async () => {
    await expect(pageText()).toMatchFileSnapshot(page);
  });

  it('has a part for every object of the model', () => {
    const exported = [endpoint, flowTable, message, securityEvent].flatMap((module) =>
      Object.entries(module as Record<string, unknown>).flatMap(([name, schema]) =>
        name.endsWith('Schema') && schema instanceof z.ZodReadonly ? [schema] : [],
      ),
    );
    for (const schema of exported) expect(partOf(schema)).toBeDefined();
  });
});
