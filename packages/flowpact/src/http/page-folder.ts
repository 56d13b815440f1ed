import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** Where the built page is; undefined where it is not built (`npm run build -w packages/dashboard`). */
export function pageFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('@flowpact/dashboard/index.html'));
  } catch {
    return undefined;
  }
}
