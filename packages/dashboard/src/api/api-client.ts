/** What the API refuses, or that it cannot be reached; `status` is that of HTTP, 0 for no answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface FetchInit {
  readonly method?: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface ApiClientDeps {
  fetch(url: string, init: FetchInit): Promise<Response>;
  token(): string | undefined;
}

export type QueryValue = string | number | undefined;

export interface ApiClient {
  get<T>(path: string, query: Readonly<Record<string, QueryValue>>, signal: AbortSignal): Promise<T>;
  /** Asks for a change; `body` goes as JSON. Undefined where there is nothing to say (204). */
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown, signal: AbortSignal): Promise<T>;
  /** The answer as it comes, for streams and downloads. */
  open(path: string, signal: AbortSignal): Promise<Response>;
}

/** Asks the API. @throws ApiProblem */
export function createApiClient({ fetch, token }: ApiClientDeps): ApiClient {
  const ask = async (path: string, { headers, ...init }: FetchInit): Promise<Response> => {
    const given = token();
    let response: Response;
    try {
      const authorization = given === undefined ? undefined : { authorization: `Bearer ${given}` };
      response = await fetch(`api/${path}`, { ...init, headers: { ...headers, ...authorization } });
    } catch (cause) {
      if (init.signal.aborted) throw cause;
      throw new ApiProblem(0, 'Flowpact does not answer: is it still running?');
    }
    if (response.ok) return response;
    throw new ApiProblem(response.status, await problemText(response));
  };
  const open: ApiClient['open'] = (path, signal) => ask(path, { headers: {}, signal });
  return {
    open,
    async send(method, path, body, signal) {
      const headers = { 'content-type': 'application/json' };
      const response = await ask(path, { method, headers, body: JSON.stringify(body), signal });
      return (response.status === 204 ? undefined : await response.json()) as never;
    },
    async get(path, query, signal) {
      return (await (await open(path + queryText(query), signal)).json()) as never;
    },
  };
}

async function problemText(response: Response): Promise<string> {
  try {
    const { detail, title } = (await response.json()) as { detail?: unknown; title?: unknown };
    return String(detail ?? title);
  } catch {
    return `the server answered ${response.status}`;
  }
}

/** `?a=1&b=2`, or nothing; what is undefined or empty is left out. */
export function queryText(query: Readonly<Record<string, QueryValue>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${given.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join('&')}`;
}
