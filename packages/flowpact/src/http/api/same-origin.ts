import { ApiError } from './api-error.ts';

export interface OriginRequest {
  readonly method: string;
  /** The header `Host`. */
  readonly host: string | undefined;
  /** The header `Origin`. */
  readonly origin: string | undefined;
  /** The header `Sec-Fetch-Site` (Fetch Metadata Request Headers, W3C). */
  readonly fetchSite: string | undefined;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Pages of other origins may not have a browser change anything here: browsers say where a request comes from, in one of two
 * headers or both. Whatever is no browser says neither.
 *
 * @throws ApiError `API_FORBIDDEN`
 */
export function checkSameOrigin({ method, host, origin, fetchSite }: OriginRequest): void {
  if (safeMethods.has(method)) return;
  if (fetchSite !== undefined) {
    if (fetchSite === 'same-origin' || fetchSite === 'none') return;
  } else if (origin === undefined || originHost(origin) === host?.toLowerCase()) return;
  throw new ApiError('API_FORBIDDEN', 'changes are taken from this server’s own page, not from another site');
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
