import { Command } from 'commander';
import { version } from '../version.ts';
import { addAuditCommand } from './audit.ts';
import { addCollectCommand } from './collect.ts';
import { addConfigCommand } from './config.ts';
import { addConvertCommand } from './convert.ts';
import { addDemoCommand } from './demo.ts';
import { addDetectCommand } from './detect.ts';
import { addFlowsCommand } from './flows.ts';
import { addGenerateCommand } from './generate.ts';
import { addImportCommand } from './import.ts';
import { addMailboxCommands } from './mailbox.ts';
import { addMitigateCommand } from './mitigate.ts';
import { addMitigationCommands } from './mitigations.ts';
import { addPartnersCommand } from './partners.ts';
import { addQueryCommand } from './query.ts';
import { addReplayCommand } from './replay.ts';
import { addRulesCommand } from './rules.ts';
import { addRunCommand } from './run.ts';
import { addSendCommand } from './send.ts';

/** The command line `flowpact`. */
export function createProgram(): Command {
  const program = new Command('flowpact')
    .description(
      'Flow records in, agreed action out: collects IPFIX, detects attacks with EPL statements, and tells the networks ' +
        'concerned in FLEX. Start with `flowpact demo`.',
    )
    .version(version)
    // So that commands below a command may have options of the same names as that one.
    .enablePositionalOptions();
  addDemoCommand(program);
  addRunCommand(program);
  addConfigCommand(program);
  addSendCommand(program);
  addMailboxCommands(program);
  addPartnersCommand(program);
  addMitigationCommands(addMitigateCommand(program));
  addAuditCommand(program);
  addGenerateCommand(program);
  addReplayCommand(program);
  addCollectCommand(program);
  addDetectCommand(program);
  addRulesCommand(program);
  addConvertCommand(program);
  addImportCommand(program);
  addFlowsCommand(program);
  addQueryCommand(program);
  return program;
}
