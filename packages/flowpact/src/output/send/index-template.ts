import { describeAnswer, type HttpConnection } from './http-connection.ts';

/** A composable index template, as `PUT _index_template/NAME` takes it. */
export interface IndexTemplate {
  readonly name: string;
  readonly body: {
    readonly index_patterns: readonly string[];
    readonly priority: number;
    /** Grows with each change of ours. One that is there with the same or a higher number is left alone. */
    readonly version: number;
    readonly template: { readonly mappings: object };
  };
}

/**
 * Installs a template unless there is one of its name and version, which somebody may have changed. One that is
 * refused is told of and done without: documents get the server's own mappings then.
 *
 * Rejects where the server cannot be asked now.
 */
export async function installIndexTemplate(
  { name, body }: IndexTemplate,
  { http, onRemark, signal }: { http: HttpConnection; onRemark(text: string): void; signal: AbortSignal },
): Promise<void> {
  const path = `_index_template/${name}`;
  const found = await http.request({ method: 'GET', path }, signal);
  if (found.status === 200 && versionOf(found.text) >= body.version) return;
  const isMissing = found.status === 404 || found.status === 200;
  const answer = isMissing
    ? await http.request(
        {
          method: 'PUT',
          path,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
        signal,
      )
    : found;
  if (answer.status === 200) return;
  if (answer.status === 429 || answer.status >= 500) throw new Error(describeAnswer(answer));
  // Who may only write documents is not allowed to see templates, and needs none.
  onRemark(`the index template ${name} is not installed: ${describeAnswer(answer)}`);
}

function versionOf(text: string): number {
  try {
    const { index_templates: found } = JSON.parse(text) as {
      readonly index_templates?: readonly { readonly index_template?: { readonly version?: unknown } }[];
    };
    const version = found?.[0]?.index_template?.version;
    return typeof version === 'number' ? version : 0;
  } catch {
    return 0;
  }
}
