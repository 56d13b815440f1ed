import { createEspercli } from '../cli/espercli.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(createEspercli(), { usageExitCode: 1 });
