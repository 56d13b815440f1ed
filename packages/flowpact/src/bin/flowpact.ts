import { createProgram } from '../cli/program.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(createProgram());
