import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './cli/workspace.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = temporaryFolder();
const modules = join(folder, 'node_modules');

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let packed: readonly Packed[];

function run(program: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' },
  });
  return { status, stdout, stderr };
}

/** As `npm install` of all packed packages would leave it; what is not ours is taken from the workspace. */
beforeAll(() => {
  const { status, stdout, stderr } = run(
    'npm',
    ['pack', '--workspaces', '--json', '--ignore-scripts', '--pack-destination', folder],
    root,
  );
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  packed = JSON.parse(stdout);
  mkdirSync(join(modules, '@flowpact'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  for (const { name, filename } of packed) {
    mkdirSync(join(modules, name), { recursive: true });
    const tar = run(
      'tar',
      ['-xzf', join(folder, filename), '--strip-components=1', '-C', join(modules, name)],
      folder,
    );
    expect(tar).toMatchObject({ status: 0 });
  }
  const ours = new Set(['@flowpact', 'flowpact', '.bin', '.package-lock.json']);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!ours.has(name)) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const [name, target] of Object.entries<string>(manifestOf('flowpact').bin)) {
    symlinkSync(join('../flowpact', target), join(modules, '.bin', name));
  }
}, 120_000);

const manifestOf = (name: string) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));

describe('the npm packages', () => {
  it('hold what is built, and nothing that is for making it', () => {
    for (const { name, files } of packed) {
      const paths = files.map(({ path }) => path);
      expect(
        paths.filter((path) => /^(?:src|test|conformance)\/|\.test\.|tsbuildinfo$/.test(path)),
        name,
      ).toEqual([]);
      for (const { default: main } of Object.values<{ readonly default?: string }>(
        manifestOf(name).exports ?? {},
      )) {
        if (main !== undefined) expect(existsSync(join(modules, name, main)), `${name}: ${main}`).toBe(true);
      }
    }
    expect(existsSync(join(modules, '@flowpact/rules/multi-stage-http/multi-stage-http.epl'))).toBe(true);
  });

  const isPageBuilt = existsSync(join(root, 'packages/dashboard/dist/index.html'));
  it.skipIf(!isPageBuilt)(`hold the page${isPageBuilt ? '' : ' (skipped: npm run build)'}`, () => {
    expect(existsSync(join(modules, '@flowpact/dashboard/dist/index.html'))).toBe(true);
  });

  it('depend on nothing of ours that is not packed', () => {
    const names = new Set(packed.map(({ name }) => name));
    for (const { name } of packed) {
      const wanted = Object.keys(manifestOf(name).dependencies ?? {}).filter((each) =>
        each.startsWith('@flowpact/'),
      );
      expect(
        wanted.filter((each) => !names.has(each)),
        name,
      ).toEqual([]);
    }
  });

  it('run where they are installed: npx flowpact', { timeout: 120_000 }, () => {
    const { version } = manifestOf('flowpact');
    expect(run('npx', ['flowpact', '--version'], folder)).toMatchObject({
      status: 0,
      stdout: `${version}
`,
    });
    const generated = run('npx', ['flowpact', 'generate', '-o', 'traffic.ipfix', '--seed', '7'], folder);
    expect(generated).toMatchObject({ status: 0 });
    const rule = 'node_modules/@flowpact/rules/multi-stage-http/multi-stage-http.epl';
    const { stdout } = run(
      'npx',
      ['flowpact', 'detect', '-m', rule, '-r', 'traffic.ipfix', '--events'],
      folder,
    );
    expect(JSON.parse(stdout.split('\n')[0])).toHaveProperty('type');
  });
});
