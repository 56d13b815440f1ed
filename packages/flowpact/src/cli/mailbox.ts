import type { OutcomeStatus } from '@flowpact/event';
import { type Command, Option } from 'commander';
import { withConfig } from './config-option.ts';

const where =
  'They ask the daemon of the configuration; where none runs, they work on its state directory themselves.';

/** Of `outcomeStatuses`, those that answer a message of somebody else; named here for a quick start. */
const answerStatuses: readonly Exclude<OutcomeStatus, 'withdrawn'>[] = [
  'received',
  'accepted',
  'rejected',
  'applied',
  'partial',
  'expired',
  'falsePositive',
  'confirmed',
  'failed',
];

/** `inbox`, `outbox` and `conversation`. */
export function addMailboxCommands(program: Command): void {
  const outbox = program
    .command('outbox')
    .summary('messages of ours on their way, or given up')
    .description(`Messages that partners have been promised and have not got yet. ${where}`);
  withConfig(outbox.command('list').summary('all of them, those given up first'))
    .option('--json', 'JSON lines also on a terminal')
    .action(async (options) => (await import('./run-mailbox.ts')).runOutboxList(options));
  withConfig(
    outbox
      .command('show')
      .summary('one of them in full, as JSON')
      .argument('<message>', 'SENDER/ID, or ID alone'),
  ).action(async (message, options) => (await import('./run-mailbox.ts')).runShow(message, options));
  withConfig(
    outbox
      .command('retry')
      .summary('send what was given up once more')
      .argument('<messages...>', 'SENDER/ID, or ID alone'),
  ).action(async (messages, options) => (await import('./run-mailbox.ts')).runRetry(messages, options));
  withConfig(
    outbox
      .command('drop')
      .summary('forget what was given up')
      .argument('<messages...>', 'SENDER/ID, or ID alone'),
  ).action(async (messages, options) => (await import('./run-mailbox.ts')).runDrop(messages, options));
  outbox.addHelpText(
    'after',
    '\nExamples:\n  flowpact outbox list\n  flowpact outbox list --json | jq -r \'select(.state == "failed") | .reference.id\' |\n' +
      '    xargs flowpact outbox retry',
  );

  const inbox = program
    .command('inbox')
    .summary('messages that came and wait, or that nothing proves')
    .description(
      `Partners' messages that are not handled yet, and those that nobody's signature proves. ${where}`,
    );
  withConfig(inbox.command('list').summary('all of them'))
    .option('--json', 'JSON lines also on a terminal')
    .action(async (options) => (await import('./run-mailbox.ts')).runInboxList(options));
  withConfig(
    inbox.command('show').summary('one of them in full, as JSON').argument('<message>', 'SENDER/ID'),
  ).action(async (message, options) => (await import('./run-mailbox.ts')).runShow(message, options));

  const conversation = program
    .command('conversation')
    .summary('what was said about what, and what became of it')
    .description('Alerts, requests and the answers to them, as the running daemon remembers them.');
  withConfig(conversation.command('list').summary('all of them, the quiet ones first'))
    .option('--json', 'JSON lines also on a terminal')
    .action(async (options) => (await import('./run-mailbox.ts')).runConversationList(options));
  withConfig(
    conversation
      .command('show')
      .summary('the turns of one of them')
      .argument('<message>', 'SENDER/ID of any of its messages, or ID alone'),
  )
    .option('--json', 'JSON also on a terminal')
    .action(async (message, options) =>
      (await import('./run-mailbox.ts')).runConversationShow(message, options),
    );
  withConfig(
    conversation
      .command('withdraw')
      .summary('take an alert or a request of ours back')
      .description(
        'Tells the partner that the message counts no longer, so that what it came to there is taken back.',
      )
      .argument('<message>', 'SENDER/ID of the alert or request, or ID alone')
      .option('--reason <text>', 'why, for the people there'),
  ).action(async (message, options) =>
    (await import('./run-mailbox.ts')).runConversationWithdraw(message, options),
  );
  withConfig(
    conversation
      .command('answer')
      .summary('answer an alert or a request that waits for a person')
      .description(
        'Tells a partner what became of its alert or request. What policy permits and nobody has done yet was answered ' +
          '`received`; this is the answer that follows.',
      )
      .argument('<message>', 'SENDER/ID of the alert or request')
      .addOption(
        new Option('--status <status>', 'what became of it').choices(answerStatuses).makeOptionMandatory(),
      )
      .option('--reason <text>', 'why, for the people there'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  flowpact conversation answer isp-b.example/1767225600000 --status applied --reason "blocked at the border"',
    )
    .action(async (message, options) =>
      (await import('./run-mailbox.ts')).runConversationAnswer(message, options),
    );
}
