import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createEspercli } from '../src/cli/espercli.ts';
import { createIpfixcol } from '../src/cli/ipfixcol.ts';
import { createIpfixsend } from '../src/cli/ipfixsend.ts';
import { createProgram } from '../src/cli/program.ts';

const docs = resolve(import.meta.dirname, '../../../docs');
const programs: Readonly<Record<string, () => Command>> = {
  flowpact: createProgram,
  ipfixsend: createIpfixsend,
  ipfixcol: createIpfixcol,
  espercli: createEspercli,
};

/** The words of a shell command; quotes are taken off. */
const wordsOf = (command: string) =>
  [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare,
  );

/** The commands of ours in the page's `sh` fences, and in its tables. */
function commandsIn(markdown: string): string[] {
  const fences = [...markdown.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, text]) =>
    text.replaceAll('\\\n', ' ').split('\n'),
  );
  const inline = [...markdown.matchAll(/`((?:flowpact|ipfixsend|ipfixcol|espercli) [^`]* -[^`]*)`/g)].map(
    ([, text]) => text.replaceAll('\\|', '|'),
  );
  return [...fences, ...inline]
    .flatMap((line) => line.replace(/#.*$/, '').split(/ \| | && |; | 2?> \S+$|&$/))
    .map((command) => command.trim().replace(/^npx /, '').replaceAll('PORT', '4739'))
    .filter(
      (command) => wordsOf(command)[0] in programs && wordsOf(command).length > 1 && !/\[|…/.test(command),
    );
}

/** The command and those below it, made to do nothing and to throw what they have to say. */
function disarm(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  // Those with commands below them do nothing by themselves, unless they take an argument.
  if (command.commands.length === 0 || command.registeredArguments.length > 0)
    command.action(() => undefined);
  for (const each of command.commands) disarm(each);
  return command;
}

const pages = ['how-to', 'tutorial'].flatMap((kind) =>
  readdirSync(join(docs, kind)).map((name) => join(docs, kind, name)),
);
const written = pages.flatMap((page) =>
  commandsIn(readFileSync(page, 'utf8')).map((command) => [page.slice(docs.length + 1), command]),
);

describe('the documentation', () => {
  it.each(written)('%s: %s is understood', async (_page, command) => {
    const [name, ...args] = wordsOf(command);
    await disarm(programs[name]()).parseAsync(args, { from: 'user' });
  });

  const reference = readFileSync(join(docs, 'reference/commands.md'), 'utf8').split(/^## /m);
  const commands = createProgram().commands.flatMap((command) =>
    [command, ...command.commands].map((each) => [command.name(), each] as const),
  );

  it.each(commands.map(([top, command]) => [top, command.name(), command] as const))(
    'the reference has the options of flowpact %s (%s)',
    (top, _name, command) => {
      const section = reference.find((text) => new RegExp(`^[^\\n]*flowpact ${top}\\b`).test(text)) ?? '';
      const missing = command.options
        .filter(
          ({ long, short }) => ![long, short].some((flag) => flag != null && section.includes(`\`${flag}`)),
        )
        .filter(({ long }) => !section.includes(`${long}\``) && !section.includes(`${long} `))
        .map(({ flags }) => flags);
      expect(missing).toEqual([]);
    },
  );
});
