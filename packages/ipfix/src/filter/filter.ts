import type { MessageHeader } from '../message/message-header.ts';
import type { DataSetReader, RecordReader } from '../message/record-reader.ts';
import type { Template } from '../message/template.ts';
import { compileSetReader, setReaderCode } from '../record/set-reader-code.ts';
import { textFunctions } from '../record/text-code.ts';
import { valueFunctions } from '../record/value-code.ts';
import { filterCode, filterFunctions } from './filter-code.ts';
import type { FilterExpression } from './filter-expression.ts';
import { createLayoutCache } from './layout-cache.ts';
import { parseFilter } from './parse-filter.ts';

/** Counters of a filter; they only grow. */
export interface FilterStats {
  /** Records looked at, those of options templates not among them. */
  readonly records: number;
  readonly passed: number;
}

export interface FilterReader extends RecordReader {
  readonly stats: FilterStats;
}

/** A filter ready for use, by any number of readers. */
export interface Filter {
  readonly text: string;
  readonly expression: FilterExpression;
  /**
   * A reader that passes on to `reader` the data records that pass the filter, as they are: no object is made.
   * Records of options templates describe the exporter, not flows, and always pass.
   */
  reader(reader: RecordReader): FilterReader;
}

/** Passes on the records of a run. */
type Pass = (bytes: Uint8Array, start: number, end: number, header: MessageHeader) => unknown;

/** Finds runs of records that pass and hands each to `pass`; tells `count` how many records there were. */
type PassRecords = (
  ...args: [...Parameters<DataSetReader>, pass: Pass, count: (passed: number) => void]
) => number;

/**
 * Compiles a filter in the language of nfdump and tcpdump, as far as flow records have what it asks for:
 *
 * - `any`, `ipv4`, `ipv6`, `proto tcp`, `proto 17`, `tcp`
 * - `host 192.0.2.1`, `src net 10.0.0.0/8`, `dst ip in [192.0.2.1 2001:db8::/32]`, `src or dst net 10/8`,
 *   `next ip …`, `router ip …`
 * - `port 53`, `dst port > 1023`, `src port in [80 443]`, `portrange 1-1023`, `as 64496`, `vlan 7`, `mask 24`
 * - `packets > 10k`, `bytes`, `bps`, `pps`, `bpp`, `duration` (milliseconds), `flows`; `k m g t` are powers of 1000
 * - `flags S and not flags A`, `tos 8`, `in if 3`, `out if 4`, `icmp-type 3`, `icmp-code 1`
 * - `ie NAME op value` for any element: numbers, times (`2024-01-01T00:00:00Z`), addresses and networks, texts in
 *   quotes (also `contains`), octets as `0x…`
 * - `and`, `or`, `not`, parentheses, `#` for a comment to the end of the line
 *
 * Without a direction, source or destination may match. A record passes no test of a field that it does not have, so
 * that it passes the negation of that test. Bounds: 262,144 characters, 200 levels, lists of 10,000 values.
 *
 * @throws IpfixError `IPFIX_BAD_FILTER`, with line, column and a caret below the place
 */
export function compileFilter(text: string): Filter {
  const expression = parseFilter(text);
  const tests = createLayoutCache((template) => compileTest(expression, template));
  return { text, expression, reader: (reader) => createFilterReader(tests, reader) };
}

function createFilterReader(
  tests: { compile(template: Template): PassRecords },
  reader: RecordReader,
): FilterReader {
  const stats = { records: 0, passed: 0 };
  const count = (passed: number) => {
    stats.passed += passed;
  };

  return {
    stats,
    compile(template) {
      const inner = reader.compile(template);
      if (inner === undefined || template.kind === 'options') return inner;
      const passRecords = tests.compile(template);
      return (bytes, start, end, header) => {
        const records = passRecords(bytes, start, end, header, inner, count);
        stats.records += records;
        return records;
      };
    },
  };
}

/** The inner reader is called once a run, and a parameter, so that equal layouts are compiled once. */
function compileTest(expression: FilterExpression, template: Template): PassRecords {
  const { variables, test, sets, matchers } = filterCode(expression, template);
  const statements = setReaderCode(template, {
    begin: 'const from = p;',
    field: (_field, place, index) => variables.declarations(index, place),
    end: () =>
      [
        `if (${test}) {`,
        'passed++;',
        'if (run < 0) run = from;',
        'if (p >= end) pass(bytes, run, p, header);',
        '} else if (run >= 0) {',
        'pass(bytes, run, from, header);',
        'run = -1;',
        '}',
        'if (p >= end) count(passed);',
      ].join('\n'),
  });
  const prologue = 'const pass = arguments[4], count = arguments[5];\nlet run = -1;\nlet passed = 0;\n';
  const scope = { ...valueFunctions, ...textFunctions, ...filterFunctions, sets, matchers };
  return compileSetReader(prologue + statements, scope);
}
