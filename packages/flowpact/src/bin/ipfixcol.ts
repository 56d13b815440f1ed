import { createIpfixcol } from '../cli/ipfixcol.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(createIpfixcol(), { usageExitCode: 1 });
