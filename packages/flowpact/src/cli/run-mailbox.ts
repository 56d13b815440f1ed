import { stringifyEvent } from '@flowpact/event';
import type { ConversationState } from '@flowpact/exchange';
import { loadConfig } from '../config/load-config.ts';
import type { ExchangeOffice, PersonsAnswer } from '../exchange/exchange-office.ts';
import { withOffice } from '../exchange/reach-office.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { messageReferenceText, parseMessageReference } from './message-reference.ts';
import { type ListOptions, printList, timeText } from './print-table.ts';

interface ConfigOptions {
  readonly config: string;
}

export async function runOutboxList({ config, ...options }: ConfigOptions & ListOptions): Promise<void> {
  const items = await withOffice(await loadConfig(config), 'look', (office) => office.outbox());
  printList(
    items,
    [
      { heading: 'MESSAGE', text: ({ reference }) => messageReferenceText(reference) },
      { heading: 'SINCE (UTC)', text: ({ atMs }) => timeText(atMs) },
      { heading: 'TO', text: ({ partner }) => partner },
      { heading: 'STATE', text: ({ state }) => state },
      {
        heading: 'WHAT',
        text: ({ subject, reason }) => (reason === undefined ? subject : `${subject}: ${reason}`),
      },
    ],
    options,
  );
}

export async function runInboxList({ config, ...options }: ConfigOptions & ListOptions): Promise<void> {
  const items = await withOffice(await loadConfig(config), 'look', (office) => office.inbox());
  printList(
    items,
    [
      { heading: 'MESSAGE', text: ({ reference }) => messageReferenceText(reference) },
      { heading: 'CAME (UTC)', text: ({ atMs }) => timeText(atMs) },
      { heading: 'FROM', text: ({ partner }) => partner },
      { heading: 'STATE', text: ({ state }) => state },
      {
        heading: 'WHAT',
        text: ({ subject, reason }) => (reason === undefined ? subject : `${subject}: ${reason}`),
      },
    ],
    options,
  );
}

export async function runShow(text: string, { config }: ConfigOptions): Promise<void> {
  const loaded = await loadConfig(config);
  const reference = parseMessageReference(text, loaded.config.exchange?.name ?? '');
  const message = await withOffice(loaded, 'look', (office) => office.message(reference));
  if (message === undefined) throw notThere(text);
  console.log(stringifyEvent(message, 2));
}

export const runRetry = (texts: readonly string[], options: ConfigOptions) =>
  forEach(texts, options, (office) => office.retry, 'is in the outbox again');

export const runDrop = (texts: readonly string[], options: ConfigOptions) =>
  forEach(texts, options, (office) => office.drop, 'is forgotten');

/** Does something to each message; tells of those that are not there, and goes on with the others. */
async function forEach(
  texts: readonly string[],
  { config }: ConfigOptions,
  action: (office: ExchangeOffice) => ExchangeOffice['retry'],
  done: string,
): Promise<void> {
  const loaded = await loadConfig(config);
  const references = texts.map((text) => parseMessageReference(text, loaded.config.exchange?.name ?? ''));
  await withOffice(loaded, 'act', async (office) => {
    for (const reference of references) {
      const name = messageReferenceText(reference);
      if (await action(office)(reference)) console.log(`${name} ${done}`);
      else {
        console.error(`flowpact: ${notThere(name).message}`);
        process.exitCode = 1;
      }
    }
  });
}

export async function runConversationList({
  config,
  ...options
}: ConfigOptions & ListOptions): Promise<void> {
  const conversations = await withOffice(await loadConfig(config), 'look', conversationsOfDaemon);
  printList(
    conversations,
    [
      { heading: 'FIRST MESSAGE', text: ({ root }) => messageReferenceText(root) },
      { heading: 'LAST (UTC)', text: ({ turns }) => timeText(turns.at(-1)?.atMs ?? 0) },
      { heading: 'WITH', text: ({ partner }) => partner },
      { heading: 'STATUS', text: ({ status }) => status },
      { heading: 'WHAT', text: ({ turns }) => turns[0]?.subject ?? '' },
    ],
    options,
  );
}

export async function runConversationShow(
  text: string,
  { config, ...options }: ConfigOptions & ListOptions,
): Promise<void> {
  const loaded = await loadConfig(config);
  const { sender, id } = parseMessageReference(text, loaded.config.exchange?.name ?? '');
  const conversations = await withOffice(loaded, 'look', conversationsOfDaemon);
  const found = conversations.find(({ turns }) =>
    turns.some(({ reference }) => reference.sender === sender && reference.id === id),
  );
  if (found === undefined) throw notThere(text);
  printList(
    found.turns,
    [
      { heading: 'TIME (UTC)', text: ({ atMs }) => timeText(atMs) },
      { heading: 'MESSAGE', text: ({ reference }) => messageReferenceText(reference) },
      { heading: 'STATE', text: (turn) => (turn.direction === 'in' ? 'received' : turn.delivery) },
      { heading: 'WHAT', text: ({ subject }) => subject },
    ],
    options,
  );
}

export async function runConversationAnswer(
  text: string,
  { config, status, reason }: ConfigOptions & PersonsAnswer,
): Promise<void> {
  const loaded = await loadConfig(config);
  const reference = parseMessageReference(text, loaded.config.exchange?.name ?? '');
  const answer = await withOffice(loaded, 'act', (office, isDaemon) => {
    checkDaemon(isDaemon);
    return office.answer(reference, { status, ...(reason === undefined ? {} : { reason }) });
  });
  if (answer === undefined) throw notThere(text);
  console.log(messageReferenceText(answer));
}

export async function runConversationWithdraw(
  text: string,
  { config, reason }: ConfigOptions & { readonly reason?: string },
): Promise<void> {
  const loaded = await loadConfig(config);
  const reference = parseMessageReference(text, loaded.config.exchange?.name ?? '');
  const withdrawal = await withOffice(loaded, 'act', (office, isDaemon) => {
    checkDaemon(isDaemon);
    return office.withdraw(reference, reason);
  });
  if (withdrawal === undefined) throw notThere(text);
  console.log(messageReferenceText(withdrawal));
}

async function conversationsOfDaemon(
  office: ExchangeOffice,
  isDaemon: boolean,
): Promise<readonly ConversationState[]> {
  checkDaemon(isDaemon);
  return office.conversations();
}

/** Conversations are in the memory of who leads them. */
function checkDaemon(isDaemon: boolean): void {
  if (isDaemon) return;
  throw new FlowpactError(
    'FLOWPACT_DAEMON',
    'no daemon runs, and conversations are in its memory: start `flowpact run`',
  );
}

const notThere = (text: string) =>
  new FlowpactError(
    'FLOWPACT_USAGE',
    `there is no message ${text} here; \`list\` prints those that there are`,
  );
