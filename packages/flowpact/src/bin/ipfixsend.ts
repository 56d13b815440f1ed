import { createIpfixsend } from '../cli/ipfixsend.ts';
import { runCommand } from '../cli/run-command.ts';

// Without anything to do it tells what it can, as the original does.
if (process.argv.length === 2) process.argv.push('--help');
await runCommand(createIpfixsend(), { usageExitCode: 1 });
