import { defineConfig } from 'vitest/config';

// Tests run on the sources, not on dist: the condition below is the first one in every package's `exports`.
const conditions = ['flowpact-source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'rules/**/*.test.ts'],
    // A fuzz run of many cases (FLOWPACT_FUZZ_CASES) takes its time.
    testTimeout: 60_000 + 10 * Number(process.env.FLOWPACT_FUZZ_CASES ?? 0),
    hookTimeout: 60_000,
    // Many tests wait for processes: a worker for each core, where vitest would leave one core to itself.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
});
