/** The pages, in the order of the keys that open them. */
export const pages = [
  { path: 'now', title: 'Now' },
  { path: 'detections', title: 'Detections' },
  { path: 'flows', title: 'Flows' },
  { path: 'exchange', title: 'Exchange' },
  { path: 'response', title: 'Response' },
  { path: 'exporters', title: 'Exporters' },
  { path: 'modules', title: 'Modules' },
] as const;

export type PagePath = (typeof pages)[number]['path'] | 'incident';

/** What is shown: a page, what it is about, and how it is filtered and sorted. */
export interface Route {
  readonly page: PagePath;
  /** Of `incident`: the attacker. Of `response`: the number of a mitigation. */
  readonly subject: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Reads the part behind `#`; whatever makes no sense is the first page. */
export function parseRoute(hash: string): Route {
  const [path, search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const query = Object.fromEntries(new URLSearchParams(search));
  const subject = decode(rest.join('/'));
  if (subject !== '' && (name === 'incident' || name === 'response')) return { page: name, subject, query };
  const page = pages.find((each) => each.path === name)?.path ?? 'now';
  return { page, subject: '', query };
}

export function routeHash({ page, subject = '', query = {} }: Partial<Route> & Pick<Route, 'page'>): string {
  const path = subject === '' ? page : `${page}/${encodeURIComponent(subject)}`;
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

export const mitigationHash = (id: string) => routeHash({ page: 'response', subject: id });
export const incidentHash = (attacker: string) => routeHash({ page: 'incident', subject: attacker });

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
