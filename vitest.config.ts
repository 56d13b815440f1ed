import { defineConfig } from 'vitest/config';

// Tests run on the sources, not on dist: the condition below is the first one in every package's `exports`.
const conditions = ['flowpact-source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'rules/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
});
