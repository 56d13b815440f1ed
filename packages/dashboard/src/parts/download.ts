import { api } from '../page-context.ts';

/** Saves what the API answers as a file; through `fetch`, since a link could not send the token. @throws ApiProblem */
export async function download(path: string): Promise<void> {
  const response = await api.open(path, new AbortController().signal);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name ?? 'event';
  link.click();
  URL.revokeObjectURL(url);
}
