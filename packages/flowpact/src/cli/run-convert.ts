import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  type Encoded,
  FormatsError,
  findFormat,
  type MessageWithin,
  messagesWithin,
  writeXarfBulk,
} from '@flowpact/formats';
import { FlowpactError } from '../flowpact-error.ts';
import { type ConvertTarget, type ConvertTargetOptions, convertTarget } from './convert-target.ts';
import { opened, openingConfig } from './mail-keys.ts';

export interface ConvertOptions extends ConvertTargetOptions {
  readonly from?: string;
  readonly output?: string;
  readonly report: string;
  readonly strict?: boolean;
}

type Read = Exclude<MessageWithin, { readonly error: FormatsError }>;

const reportStyles = ['text', 'json', 'none'];

export async function runConvert(files: readonly string[], options: ConvertOptions): Promise<void> {
  if (!reportStyles.includes(options.report)) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `--report is one of ${reportStyles.join(', ')}, not ${options.report}`,
    );
  }
  const inputs = files.length === 0 ? ['-'] : files;
  const from = options.from === undefined ? {} : { from: findFormat(options.from).name };
  const target = await convertTarget(options);
  const opening = await openingConfig(options);
  if (inputs.length > 1) requireFolder(inputs.length, 'documents', target, options);
  const bulk: Uint8Array[] = [];

  const convert = async (read: Read, name: string, inFolder: string | undefined) => {
    if (target === undefined) {
      tell(name, read);
      return;
    }
    const encoded = await target.encode(read.message);
    if (target.isBulk) bulk.push(encoded.bytes);
    else await write(encoded.bytes, options.output, inFolder && `${inFolder}${target.fileExtension}`);
    report(name, read, encoded, target.name, options.report);
    if (options.strict && read.losses.length + encoded.losses.length > 0) process.exitCode = 1;
  };

  for (const input of inputs) {
    const name = input === '-' ? 'standard input' : input;
    await orFailed(name, async () => {
      const messages = messagesWithin(await opened(await readInput(input), opening), from);
      const isOne = messages.length === 1;
      if (!isOne) requireFolder(messages.length, 'messages', target, options);
      for (const [i, read] of messages.entries()) {
        const number = isOne ? '' : `-${i + 1}`;
        await orFailed(`${name}${number}`, async () => {
          if ('error' in read) throw read.error;
          const stem = input === '-' ? 'message' : basename(input).replace(/\.[^.]*$/, '');
          const inFolder = inputs.length === 1 && isOne ? undefined : `${stem}${number}`;
          await convert(read, `${name}${number}`, inFolder);
        });
      }
    });
  }
  if (bulk.length > 0) await write(writeXarfBulk(bulk), options.output);
}

/** @throws FlowpactError where what is written one after another could not be told apart */
function requireFolder(
  count: number,
  what: string,
  target: ConvertTarget | undefined,
  { output }: ConvertOptions,
): void {
  if (target === undefined || target.isBulk || target.isLines || output !== undefined) return;
  throw new FlowpactError(
    'FLOWPACT_USAGE',
    `${count} ${what} in ${target.name} need a folder to go into: -o FOLDER`,
  );
}

/** Tells what fails, and makes the exit code 1; what comes after it is done all the same. */
async function orFailed(name: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof FormatsError || error instanceof FlowpactError)) throw error;
    console.error(`flowpact: ${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

async function readInput(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path);
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** What a message says, in a line. */
function tell(name: string, { from, message }: Read): void {
  const { event } = message;
  const ends = (endpoints: typeof event.sources) =>
    (endpoints ?? []).map(({ address, name: host }) => address ?? host).join(', ') || '-';
  const flows = (event.flows?.groups ?? []).reduce((sum, { rows }) => sum + rows.length, 0);
  console.log(
    `${name}: ${findFormat(from).title}, ${message.kind} ${message.id} of ${message.sender.name}: ${event.type} by ${ends(event.sources)} against ${ends(event.targets)}, ${flows} flows`,
  );
}

/** To standard output, into a file, or into a file of a folder, which is made. */
async function write(bytes: Uint8Array, output: string | undefined, inFolder?: string): Promise<void> {
  if (output === undefined) {
    await new Promise((written) => process.stdout.write(bytes, written));
    return;
  }
  const path = inFolder === undefined ? output : join(output, inFolder);
  try {
    if (inFolder !== undefined) await mkdir(output, { recursive: true });
    await writeFile(path, bytes);
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

function report(
  name: string,
  { from, losses: reading }: Read,
  { losses: writing, additional }: Encoded,
  to: string,
  style: string,
): void {
  switch (style) {
    case 'none':
      return;
    case 'json':
      console.error(JSON.stringify({ document: name, from, to, losses: { reading, writing }, additional }));
      return;
    default: {
      const all = [...reading, ...writing];
      console.error(
        `flowpact: ${name}: ${from} to ${to}: ${all.length === 0 ? 'nothing lost' : `${all.length} losses`}`,
      );
      for (const { path, effect, note } of all) console.error(`  ${effect} ${path}: ${note}`);
      if (additional.length > 0) console.error(`  as additional data: ${additional.join(', ')}`);
    }
  }
}
