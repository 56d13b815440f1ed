import type { Template } from '../message/template.ts';
import { fieldLayout } from '../record/compile-cache.ts';

/** Layouts kept at most. */
const mostLayouts = 1024;

/**
 * Keeps what was compiled for a layout, so that an exporter which sends ever new templates of few layouts does not cost
 * a compilation each. The oldest of more than 1,024 is forgotten.
 */
export function createLayoutCache<T>(compile: (template: Template) => T): { compile(template: Template): T } {
  const compiled = new Map<string, { readonly code: T }>();
  return {
    compile(template) {
      const layout = fieldLayout(template);
      const known = compiled.get(layout);
      if (known !== undefined) return known.code;
      for (const oldest of compiled.keys()) {
        if (compiled.size < mostLayouts) break;
        compiled.delete(oldest);
      }
      const code = compile(template);
      compiled.set(layout, { code });
      return code;
    },
  };
}
