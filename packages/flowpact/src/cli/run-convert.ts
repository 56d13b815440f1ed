import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  detectFormat,
  documentsWithin,
  encodeSecureXarf,
  type Format,
  type FormatName,
  FormatsError,
  findFormat,
  type Transcoded,
  transcode,
  writeXarfBulk,
} from '@flowpact/formats';
import { FlowpactError } from '../flowpact-error.ts';
import { type MailKeyOptions, opened, openingConfig, signingConfig } from './mail-keys.ts';

export interface ConvertOptions extends MailKeyOptions {
  readonly to?: string;
  readonly from?: string;
  readonly output?: string;
  readonly report: string;
  readonly strict?: boolean;
}

const reportStyles = ['text', 'json', 'none'];

export async function runConvert(files: readonly string[], options: ConvertOptions): Promise<void> {
  if (!reportStyles.includes(options.report)) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `--report is one of ${reportStyles.join(', ')}, not ${options.report}`,
    );
  }
  const inputs = files.length === 0 ? ['-'] : files;
  if (
    inputs.length > 1 &&
    options.to !== undefined &&
    options.to !== bulkTarget &&
    options.output === undefined
  ) {
    throw new FlowpactError('FLOWPACT_USAGE', 'several documents need a folder to go into: -o FOLDER');
  }
  const from = options.from === undefined ? undefined : findFormat(options.from).name;
  const signing = await signingConfig(options.to, options);
  const opening = await openingConfig(options);
  const target = options.to === undefined ? undefined : targetFormat(options, signing !== undefined);
  const bulk: Uint8Array[] = [];

  const convert = async (bytes: Uint8Array, name: string, inFolder: string | undefined) => {
    if (target === undefined) {
      tell(name, bytes, from);
      return;
    }
    const plain = transcode(bytes, { to: target.name, ...(from === undefined ? {} : { from }) });
    const result =
      signing === undefined
        ? plain
        : { ...plain, ...(await encodeSecureXarf(plain.message, signing)), losses: plain.losses };
    if (options.to === bulkTarget) bulk.push(result.bytes);
    else await write(result.bytes, options.output, inFolder && `${inFolder}${target.fileExtension}`);
    report(name, result, options.to ?? target.name, options.report);
    if (options.strict && lossesOf(result).length > 0) process.exitCode = 1;
  };

  for (const input of inputs) {
    const name = input === '-' ? 'standard input' : input;
    try {
      const documents = documentsWithin(await opened(await readInput(input), opening));
      if (
        documents.length > 1 &&
        target !== undefined &&
        options.to !== bulkTarget &&
        options.output === undefined
      )
        throw new FlowpactError(
          'FLOWPACT_USAGE',
          `${documents.length} reports need a folder to go into: -o FOLDER`,
        );
      for (const [i, document] of documents.entries()) {
        const number = documents.length > 1 ? `-${i + 1}` : '';
        const isOne = inputs.length === 1 && documents.length === 1;
        const inFolder = isOne ? undefined : `${basename(input).replace(/\.[^.]*$/, '')}${number}`;
        await convert(document, `${name}${number}`, inFolder);
      }
    } catch (error) {
      if (!(error instanceof FormatsError || error instanceof FlowpactError)) throw error;
      console.error(`flowpact: ${name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
  if (bulk.length > 0) await write(writeXarfBulk(bulk), options.output);
}

/** The target that is one mail, of however many reports there are. */
const bulkTarget = 'xarf-bulk';

function targetFormat({ to = '' }: ConvertOptions, isSigned: boolean): Format {
  const format = findFormat(isSigned ? 'xarf' : to);
  return to === bulkTarget ? findFormat('xarf') : format;
}

async function readInput(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path);
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** What is in a document, in a line. */
function tell(name: string, bytes: Uint8Array, from: FormatName | undefined): void {
  const format = from === undefined ? detectFormat(bytes) : findFormat(from);
  if (format === undefined)
    throw new FormatsError('FORMATS_UNDETECTED', 'no format recognises the input; say --from FORMAT');
  const { message } = format.decode(bytes);
  const { event } = message;
  const ends = (endpoints: typeof event.sources) =>
    (endpoints ?? []).map(({ address, name: host }) => address ?? host).join(', ') || '-';
  const flows = (event.flows?.groups ?? []).reduce((sum, { rows }) => sum + rows.length, 0);
  console.log(
    `${name}: ${format.title}, ${message.kind} ${message.id} of ${message.sender.name}: ${event.type} by ${ends(event.sources)} against ${ends(event.targets)}, ${flows} flows`,
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

function lossesOf({ losses }: Transcoded) {
  return [...losses.reading, ...losses.writing];
}

function report(name: string, result: Transcoded, to: string, style: string): void {
  const { from, losses, additional } = result;
  switch (style) {
    case 'none':
      return;
    case 'json':
      console.error(JSON.stringify({ document: name, from, to, losses, additional }));
      return;
    default: {
      const all = lossesOf(result);
      console.error(
        `flowpact: ${name}: ${from} to ${to}: ${all.length === 0 ? 'nothing lost' : `${all.length} losses`}`,
      );
      for (const { path, effect, note } of all) console.error(`  ${effect} ${path}: ${note}`);
      if (additional.length > 0) console.error(`  as additional data: ${additional.join(', ')}`);
    }
  }
}
