import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Served from the root of the daemon; relative, so that a proxy may put it below a path.
  base: './',
  plugins: [svelte()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The page may load nothing but files (Content-Security-Policy): no data in URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
