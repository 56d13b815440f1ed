import { mount } from 'svelte';
import App from './App.svelte';
import type { Module } from './api/api-types.ts';
import './style/tokens.css';
import './style/base.css';
import { readTicks } from './live/live-ticks.ts';
import { api, palette } from './page-context.ts';

/** So that statements have the same colours on every page, in the order of their modules. */
async function colourStatements(): Promise<void> {
  const { items } = await api.get<{ items: readonly Module[] }>('modules', {}, AbortSignal.timeout(3000));
  for (const { statements } of items) for (const { statement } of statements) palette.colourOf(statement);
}

// Without an answer the page opens all the same, and says what is wrong.
await colourStatements().catch(() => undefined);
mount(App, { target: document.getElementById('app')! });
void readTicks();
