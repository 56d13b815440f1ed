import type { Command } from 'commander';

export function addRulesCommand(program: Command): void {
  const rules = program.command('rules').summary('check EPL modules, and show how they run');
  rules
    .command('check')
    .description(
      'Compiles EPL modules and prints what is wrong with them: place, source line, and the nearest name that exists. Annotations @SecurityEvent are checked too. The exit code is 1 where a module has an error.',
    )
    .argument('<files...>', 'the modules')
    .action(async (files) => (await import('./run-rules.ts')).runRulesCheck(files));
  rules
    .command('explain')
    .description(
      'Prints the plan of each statement of a module: its streams, filters and windows, what they keep in memory, how it groups and joins, and what it does with evidence.',
    )
    .argument('<file>', 'the module')
    .action(async (file) => (await import('./run-rules.ts')).runRulesExplain(file));
}
