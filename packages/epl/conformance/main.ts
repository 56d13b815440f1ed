import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences, phrasings } from './differences.ts';
import { type Case, type Outcome, runCase } from './run-case.ts';

/**
 * `node conformance/dist/main.js [DIR]`: runs every case file below the folder, prints each failing id with what was
 * expected and what came, and ends with `N passed, N failed`. Exit code 1 where a case fails that is not listed as
 * different on purpose.
 */
const usual = fileURLToPath(new URL('../../../../../shared/epl/cases', import.meta.url));

function caseFiles(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return caseFiles(path);
      return name.endsWith('.json') ? [path] : [];
    });
}

function readCase(path: string): Case | string {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return `is no case: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A case that throws has failed, and the next one runs. */
function outcomeOf(test: Case): Outcome {
  try {
    return runCase(test, phrasings[test.id]);
  } catch (error) {
    return { kind: 'failed', reason: `threw ${error instanceof Error ? error.stack : String(error)}` };
  }
}

function reasonOf(outcome: Exclude<Outcome, { kind: 'passed' }>): string {
  if (outcome.kind === 'failed') return outcome.reason;
  return outcome.diagnostics.map(({ message, line, column }) => `${line}:${column} ${message}`).join('; ');
}

const folder = resolve(process.argv[2] ?? usual);
if (!existsSync(folder)) {
  process.stderr.write(`conformance: there is no folder ${folder}: name the folder of the cases\n`);
  process.exit(2);
}
let passed = 0;
let failed = 0;
let refused = 0;
let different = 0;
const files = statSync(folder).isDirectory() ? caseFiles(folder) : [folder];
for (const path of files) {
  const test = readCase(path);
  if (typeof test === 'string') {
    failed++;
    process.stdout.write(`${path}: ${test}\n`);
    continue;
  }
  const outcome = outcomeOf(test);
  if (outcome.kind === 'passed') {
    passed++;
    continue;
  }
  failed++;
  const purpose = differences[test.id];
  if (purpose !== undefined) different++;
  else if (outcome.kind === 'refused') refused++;
  const note = purpose === undefined ? '' : ` (on purpose: ${purpose})`;
  process.stdout.write(`${test.id} (level ${test.level}): ${reasonOf(outcome)}${note}\n`);
}
process.stdout.write(
  `of the failed: ${refused} not supported yet, ${different} different on purpose, ${failed - refused - different} wrong\n`,
);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > different ? 1 : 0;
