import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemTool } from '../../../test/system-tool.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { readModules } from '../src/config/module-files.ts';
import { readOutputs } from '../src/config/read-outputs.ts';

const root = resolve(import.meta.dirname, '../../..');
const packaging = join(root, 'packaging');
const compose = systemTool('docker-compose', 'docker-compose');

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** The instructions of a Dockerfile, with continued lines joined and comments left out. */
function instructionsOf(text: string): readonly Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { word, rest: rest.replace(/\s+/g, ' ').trim() };
    });
}

// There is no engine to build it where tests run.
describe('the container image', () => {
  const instructions = instructionsOf(readFileSync(join(packaging, 'Dockerfile'), 'utf8'));
  const all = (word: string) => instructions.filter((each) => each.word === word).map(({ rest }) => rest);
  const last = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'));

  it('is written in the words of Dockerfiles', () => {
    const known =
      /^(?:FROM|ARG|ENV|WORKDIR|COPY|RUN|USER|VOLUME|EXPOSE|HEALTHCHECK|STOPSIGNAL|ENTRYPOINT|CMD)$/;
    expect(instructions.filter(({ word }) => !known.test(word))).toEqual([]);
    for (const list of [...all('ENTRYPOINT'), ...all('CMD'), ...all('VOLUME')]) {
      expect(JSON.parse(list)).toEqual(expect.arrayContaining([expect.any(String)]));
    }
    const [, command = ''] = /CMD (\[.*\])$/.exec(all('HEALTHCHECK')[0]) ?? [];
    const [program, flag, script] = JSON.parse(command);
    expect([program, flag]).toEqual(['node', '-e']);
    expect(() => new Function(script)).not.toThrow();
  });

  it('begins with one exact version of Node.js that packages allow', () => {
    const images = all('FROM').map((rest) => rest.split(' ')[0]);
    expect(new Set(images).size).toBe(1);
    const [, major, minor] = /^node:([0-9]+)\.([0-9]+)\.[0-9]+-bookworm-slim$/.exec(images[0]) ?? [];
    expect([Number(major), Number(minor) >= 19]).toEqual([20, true]);
  });

  it('copies what there is, and runs what it copies', () => {
    const ignored = readFileSync(join(packaging, 'Dockerfile.dockerignore'), 'utf8').split('\n');
    const sources = last
      .filter(({ word }) => word === 'COPY')
      .flatMap(({ rest }) =>
        rest
          .replace(/^--from=build /, '')
          .split(' ')
          .slice(0, -1),
      )
      .map((path) => path.replace(/^\/src\//, ''));
    expect(sources).toEqual(expect.arrayContaining(['node_modules', 'packages', 'rules', 'package.json']));
    for (const path of sources) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(ignored, path).not.toContain(path);
    }
    const [, program] = JSON.parse(all('ENTRYPOINT')[0]);
    expect(existsSync(join(root, program.replace('/opt/flowpact/', '')))).toBe(true);
  });

  it('has all that its build needs', () => {
    const ignored = readFileSync(join(packaging, 'Dockerfile.dockerignore'), 'utf8').split('\n');
    const built = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references;
    for (const { path } of built) expect(ignored).not.toContain(path);
    for (const line of ignored.filter((each) => /^[a-z.][^*]*$/.test(each) && each !== '.git')) {
      expect(readdirSync(root), line).toContain(line);
    }
  });

  it('does not run as root, keeps its state in a volume, and is asked whether it is well', () => {
    expect(last.filter(({ word }) => word === 'USER').map(({ rest }) => rest)).toEqual(['node']);
    expect(JSON.parse(all('VOLUME')[0])).toEqual(['/var/lib/flowpact']);
    expect(all('HEALTHCHECK')[0]).toContain('http://127.0.0.1:4780/healthz');
  });

  it('comes with a configuration that can run', async () => {
    const loaded = await loadConfig(join(packaging, 'container/flowpact.yaml'));
    expect(await readModules(loaded)).toHaveLength(1);
    expect(readOutputs(loaded)).toHaveLength(1);
    expect(loaded.config.stateDirectory).toBe('/var/lib/flowpact');
    expect(loaded.config.http.listen).toBe('127.0.0.1:4780');
  });
});

describe('the compose file', () => {
  const file = join(packaging, 'compose.yaml');
  const { services, volumes } = parse(readFileSync(file, 'utf8'));

  it('names files that there are, volumes that it declares, and exact versions', () => {
    expect(
      existsSync(resolve(packaging, services.flowpact.build.context, services.flowpact.build.dockerfile)),
    ).toBe(true);
    const mounts = Object.values<{ readonly volumes?: readonly string[] }>(services)
      .flatMap((service) => service.volumes ?? [])
      .map((mount) => mount.split(':')[0]);
    for (const source of mounts) {
      expect(source.startsWith('.') ? existsSync(join(packaging, source)) : source in volumes, source).toBe(
        true,
      );
    }
    for (const { image } of Object.values<{ readonly image: string }>(services)) {
      expect(image).toMatch(/:[0-9]+\.[0-9]+\.[0-9]+$/);
    }
    expect(services.elasticsearch.image.split(':')[1]).toBe(services.kibana.image.split(':')[1]);
  });

  it('lets nobody outside this host see what has no password', () => {
    for (const name of ['elasticsearch', 'kibana']) {
      for (const port of services[name].ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it.skipIf(compose.skip)(`is one that docker-compose understands${compose.note}`, () => {
    const services = (...profile: readonly string[]) => {
      const args = ['-f', file, ...profile, 'config', '--services'];
      const { stdout, stderr, status } = spawnSync('docker-compose', args, { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return stdout.split('\n').filter(Boolean).sort();
    };
    expect(services('--profile', 'elastic')).toEqual(['elasticsearch', 'flowpact', 'kibana']);
  });
});
