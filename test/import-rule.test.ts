import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The only imports allowed between packages. A package that is not listed must not exist. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  ipfix: [],
  epl: [],
  event: [],
  flex: ['event'],
  formats: ['event', 'flex'],
  exchange: ['event', 'flex', 'formats'],
  response: ['event'],
  store: ['event'],
  dashboard: [],
  flowpact: [
    'ipfix',
    'epl',
    'event',
    'flex',
    'formats',
    'exchange',
    'response',
    'store',
    'dashboard',
    'rules',
  ],
};

/** Packages that are built into files: what they are made of is in the files, so that nobody who installs them needs it. */
const bundled = ['dashboard'];

const root = resolve(import.meta.dirname, '..');
const packages = readdirSync(join(root, 'packages'));

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Specifiers of static and dynamic imports, re-exports and import types. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const forms = [
    /^\s*(?:import|export)\s[^'";]*?\bfrom\s*['"]([^'"\n]+)['"]/gm,
    /^\s*import\s*['"]([^'"\n]+)['"]/gm,
    /\b(?:import|require)\s*\(\s*['"]([^'"\n]+)['"]/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1]));
}

describe('the import rule', () => {
  it('knows every package', () => {
    expect(packages.filter((name) => !(name in mayImport))).toEqual([]);
  });

  for (const name of packages) {
    const folder = join(root, 'packages', name);
    const files = sources(join(folder, 'src'));

    it(`${name} imports only what it may, and only public names`, () => {
      const broken = files.flatMap((file) =>
        importsOf(readFileSync(file, 'utf8')).flatMap((specifier) => {
          const place = `${relative(root, file)}: ${specifier}`;
          if (specifier.startsWith('.')) {
            const target = resolve(file, '..', specifier);
            return target.startsWith(join(folder, 'src')) ? [] : [`${place} leaves the package`];
          }
          if (!specifier.startsWith('@flowpact/') && specifier !== 'flowpact') return [];
          const [, other, ...rest] = specifier.split('/');
          if (!mayImport[name].includes(other)) return [`${place} is not allowed for ${name}`];
          return rest.length > 0 ? [`${place} reaches behind the public names`] : [];
        }),
      );
      expect(broken).toEqual([]);
    });

    it(`${name} declares exactly the packages that it imports`, () => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const declared = Object.keys(manifest.dependencies ?? {}).sort();
      if (bundled.includes(name)) {
        expect(declared).toEqual([]);
        return;
      }
      const isOwnFile = (specifier: string) => specifier.startsWith('.') || specifier.startsWith('node:');
      const used = new Set(
        files
          .flatMap((file) => importsOf(readFileSync(file, 'utf8')))
          .filter((specifier) => !isOwnFile(specifier))
          .map((specifier) =>
            specifier
              .split('/')
              .slice(0, specifier.startsWith('@') ? 2 : 1)
              .join('/'),
          ),
      );
      // The rules and the page are files, found by require.resolve.
      for (const files of ['@flowpact/rules', '@flowpact/dashboard']) {
        if (declared.includes(files)) used.add(files);
      }
      expect([...used].sort()).toEqual(declared);
    });

    // The page has no public names: it is a page.
    if (bundled.includes(name)) continue;
    it(`${name} lists its public names one by one`, () => {
      expect(readFileSync(join(folder, 'src/index.ts'), 'utf8')).not.toMatch(/export\s*\*/);
    });
  }

  it('would notice a forbidden import, however it is written', () => {
    const text =
      "import {\n  a,\n} from '@flowpact/ipfix';\nimport './c.ts';\nexport * from './b.ts';\nawait import('zod');\nfail(`got a from 'b'`);";
    expect(importsOf(text)).toEqual(['@flowpact/ipfix', './b.ts', './c.ts', 'zod']);
  });
});
