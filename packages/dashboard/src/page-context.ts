import { get, writable } from 'svelte/store';
import { createApiClient, type QueryValue } from './api/api-client.ts';
import { createPalette } from './chart/palette.ts';
import { polling } from './live/polling.ts';
import { parseRoute, type Route, routeHash } from './navigation/route.ts';

/** What all parts of the page share: made once, when the page is loaded. */

const tokenKey = 'flowpact-token';
export const token = writable(sessionStorage.getItem(tokenKey) ?? '');
token.subscribe((value) => sessionStorage.setItem(tokenKey, value));

export const api = createApiClient({
  fetch: (url, init) => fetch(url, init),
  token: () => get(token) || undefined,
});

/** Who says yes and no here; told to the server with every change. */
const whoKey = 'flowpact-who';
export const who = writable(localStorage.getItem(whoKey) ?? '');
who.subscribe((value) => localStorage.setItem(whoKey, value));

export const palette = createPalette();

/** While true the page stays as it is. */
export const isPaused = writable(false);

/** Asks again every so often, as long as the page can be seen. */
export const poll = <T>(path: string, query: Readonly<Record<string, QueryValue>>, everyMs = 2000) =>
  polling<T>((signal) => api.get<T>(path, query, signal), everyMs, {
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    isPaused: () => get(isPaused) || document.hidden,
  });

export const route = writable<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => route.set(parseRoute(location.hash)));

/** Changes what is shown of this page; empty values are left out of the address. */
export function changeQuery(changes: Readonly<Record<string, string>>): void {
  const { page, subject, query } = get(route);
  location.hash = routeHash({ page, subject, query: { ...query, ...changes } });
}

export type Theme = 'auto' | 'light' | 'dark';
const themeKey = 'flowpact-theme';
const isTheme = (text: string | null): text is Theme =>
  text === 'auto' || text === 'light' || text === 'dark';
const stored = localStorage.getItem(themeKey);
export const theme = writable<Theme>(isTheme(stored) ? stored : 'auto');

/** Counts the changes of colours, for what is drawn on a canvas. */
export const themeChanges = writable(0);
theme.subscribe((value) => {
  localStorage.setItem(themeKey, value);
  document.documentElement.dataset.theme = value;
  themeChanges.update((count) => count + 1);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
  themeChanges.update((count) => count + 1),
);

export function nextTheme(): void {
  theme.update((now) => (now === 'auto' ? 'light' : now === 'light' ? 'dark' : 'auto'));
}
