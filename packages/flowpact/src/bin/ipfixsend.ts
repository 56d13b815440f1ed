import { createIpfixsend } from '../cli/ipfixsend.ts';
import { runCommand } from '../cli/run-command.ts';

await runCommand(createIpfixsend(), { usageExitCode: 1 });
