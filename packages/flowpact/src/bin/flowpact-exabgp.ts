import { createExabgpProgram } from '../cli/exabgp.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(createExabgpProgram());
