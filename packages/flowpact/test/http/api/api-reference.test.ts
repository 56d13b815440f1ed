import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { addApi } from '../../../src/http/api/api-plugin.ts';
import { createExampleMitigations } from './example-mitigations.ts';
import { createExampleSource } from './example-source.ts';

const page = resolve(import.meta.dirname, '../../../../../docs/reference/api.md');

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { name: string; in: string; description?: string; schema: Schema }[];
  readonly requestBody?: { content: Readonly<Record<string, { schema: Schema }>> };
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

const introduction = `# The HTTP API

Served beside the [page](../how-to/dashboard.md): \`flowpact demo --watch\`. \`GET /api/openapi.json\` describes it for
machines (OpenAPI 3.0.3); this page is made of that document, and a test keeps it so (run it with \`UPDATE_DOCS=1\` to
write the page anew).

- Times are milliseconds since 1970; those of flows and detections are the flows' own.
- Lists come in pages: \`next\` is the \`cursor\` of the page that follows. A parameter that does not exist is refused.
- What is refused is told as \`application/problem+json\` (RFC 9457) with a stable \`code\`: \`API_BAD_REQUEST\` 400,
  \`API_UNAUTHORIZED\` 401, \`API_FORBIDDEN\` 403, \`API_NOT_FOUND\` 404, \`API_CANNOT_EXPORT\` 422, \`API_TOO_MANY\` 429.
- On a loopback address no token is needed, but the request must be addressed to a loopback address or a configured name.
  Elsewhere every request needs \`Authorization: Bearer TOKEN\`, with the token of all or a person's own. There is no CORS: pages of other origins get nothing.
- 120 requests at once and 30 a second from an address, 32 streams, by default.
- Nothing is changed unless the server allows it (\`mayChange\` in the status). Changes are JSON, and are taken from this
  server's own page or from what is no browser, not from another site's page. Who tells the response to do something
  gives a name, \`who\`; the audit log keeps it, and that it was told over the API. Where people have tokens of their own
  (\`http.people\`), the name is the token's, and nobody else may; where two people have to say yes, it goes only so.
- What the response refuses keeps its own code: \`RESPONSE_UNKNOWN_MITIGATION\` 404, \`RESPONSE_WRONG_STATE\` 409,
  \`RESPONSE_REFUSED\` 422, \`RESPONSE_EMITTER_FAILED\` 502, \`RESPONSE_FULL\` and \`RESPONSE_NOT_RUNNING\` 503. The part
  *response* is there only where a response is configured.
`;

const code = (value: unknown) => `\`${JSON.stringify(value)?.replaceAll('|', '\\|')}\``;

function typeText({ type, enum: words, minimum, maximum, items, properties }: Schema): string {
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(', ');
  if (items !== undefined) return `list of ${properties === undefined ? typeText(items) : 'objects'}`;
  const name = Array.isArray(type) ? type.join(' or ') : ((type as string | undefined) ?? 'any');
  if (minimum !== undefined && maximum !== undefined) return `${name}, ${minimum} to ${maximum}`;
  return name;
}

function fieldsText(schema: Schema | undefined): string {
  const { properties } = schema?.items ?? schema ?? {};
  return Object.entries(properties ?? {})
    .map(([name, field]) => {
      const inner = fieldsText(field);
      return `\`${name}\`${inner === '' ? '' : ` (${inner})`}`;
    })
    .join(', ');
}

/** What long answers consist of, and whose they are. */
const told = new Map<string, string>();
const longText = 200;

/** The fields of an answer; the same as before, by the name of where that was. */
function answerText(operation: string, fields: string): string {
  const before = told.get(fields);
  if (before !== undefined) return `Answer: as of ${before}.`;
  if (fields.length > longText) told.set(fields, operation);
  return `Answer: ${fields}.`;
}

function operationText(path: string, method: string, operation: Operation): string {
  const { summary, parameters = [], requestBody, responses } = operation;
  const rows = parameters.map(
    ({ name, description = '', schema }) =>
      `| \`${name}\` | ${typeText(schema)} | ${schema.default === undefined ? '' : code(schema.default)} | ${description} |`,
  );
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const answer = Object.values(responses['200']?.content ?? {})[0]?.schema;
  const answered = fieldsText(answer);
  return [
    `### ${method.toUpperCase()} ${path}`,
    summary,
    ...(rows.length === 0
      ? []
      : [['| parameter | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n')]),
    ...(body === undefined ? [] : [`Body: ${fieldsText(body)}.`]),
    ...(answered === '' ? [] : [answerText(`${method.toUpperCase()} ${path}`, answered)]),
  ].join('\n\n');
}

it('docs/reference/api.md is what the OpenAPI document says', async () => {
  const app = fastify();
  await addApi(
    app,
    { host: '127.0.0.1' },
    {
      source: createExampleSource(),
      mitigations: createExampleMitigations(),
      self: { name: 'x' },
      now: () => 0,
      every: () => () => undefined,
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const document = (await (await fetch(`http://127.0.0.1:${port}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: { Tick: Schema } };
  };
  await app.close();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0]))];
  const sections = tags.flatMap((tag) => [
    `## ${tag}`,
    ...operations
      .filter(({ operation }) => operation.tags[0] === tag)
      .map(({ path, method, operation }) => operationText(path, method, operation)),
  ]);
  const tick = `## The tick of the stream\n\n${fieldsText(document.components.schemas.Tick)}.`;
  const text = `${[introduction, ...sections, tick].join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
  if (process.env.UPDATE_DOCS === '1') writeFileSync(page, text);
  expect(readFileSync(page, 'utf8')).toBe(text);
});
