import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { Group } from '../../compile/group-class.ts';
import type { RecognizeProgram } from '../../compile/recognize-program.ts';
import { EplError } from '../../errors.ts';
import { addPeriod } from '../../plan/period.ts';
import { attachEvidence, balance, baseEvents } from '../evidence.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { chooseMatches, inOrderOfBegin, inOrderOfHolding, withoutOverlap } from './choose-matches.ts';
import { HeldMatches } from './held-matches.ts';
import { PartitionTable } from './partition-table.ts';
import type { MatchEnd, RowPartition } from './row-partition.ts';
import { RowTests } from './row-tests.ts';
import { hasTaken, matchOf, type Run, rowsOf } from './run.ts';
import { RunTable } from './run-table.ts';

/** What match_recognize needs from its statement. */
export interface RecognizerHost extends Environment {
  schedule(dueMs: number, owner: TimerOwner): Timer;
  /** @throws EplError `EPL_LIMIT` */
  retain(count: number): void;
  /** Something waits for {@link Recognizer.flush}. */
  markDirty(): void;
  failed(error: unknown): void;
}

/**
 * One match_recognize at work: rows come in as its data window takes them, matches go out as rows of the measures. What
 * leaves the window takes the runs along that have taken it.
 */
export class Recognizer {
  private readonly program: RecognizeProgram;
  private readonly tests: RowTests;
  private readonly host: RecognizerHost;
  private readonly sink: (matches: readonly Subject[]) => void;
  /** The content of the data window; undefined without one. */
  private readonly contents: (() => Iterable<Subject>) | undefined;
  private readonly partitions: PartitionTable;
  private readonly held: HeldMatches | undefined;
  private sequence = 0;
  private runs = 0;
  /** With a data window, the rows in it that some run has taken, in their order. */
  private readonly taken = new Set<Subject>();
  /** Whose interval is over, until the current timers are done. */
  private released: MatchEnd[] = [];

  constructor(
    program: RecognizeProgram,
    host: RecognizerHost,
    sink: (matches: readonly Subject[]) => void,
    contents: (() => Iterable<Subject>) | undefined,
  ) {
    const { interval, allMatches, previous } = program.plan;
    this.program = program;
    this.host = host;
    this.sink = sink;
    this.contents = contents;
    this.tests = new RowTests(program, host, (error) => host.failed(error));
    this.partitions = new PartitionTable(program, host, previous);
    const heldHost = {
      schedule: (dueMs: number, owner: TimerOwner) => host.schedule(dueMs, owner),
      release: (ends: readonly MatchEnd[]) => this.release(ends),
    };
    this.held = interval && new HeldMatches(heldHost, program.positions, allMatches);
  }

  /** A change of the data window, or without one rows as they come. */
  change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    if (leaving.length > 0) this.retire(leaving);
    const ends: MatchEnd[] = [];
    const stopped = this.program.plan.interval?.orTerminated === true ? new Set<number>() : undefined;
    for (const row of entering) this.take(row, ends, stopped);
    const given = this.held === undefined ? this.choose(ends) : this.hold(ends, stopped ?? noBegins);
    if (this.held === undefined) for (const end of given) this.skip(end);
    else this.forgetInside(given);
    this.give(given);
  }

  /** Gives the matches whose interval is over. */
  flush(): void {
    if (this.released.length === 0) return;
    const { released } = this;
    this.released = [];
    const given = this.chooseHeld(released);
    this.forgetInside(given);
    this.give(given);
  }

  /** What begins inside of a match that is given now waits no longer. */
  private forgetInside(given: readonly MatchEnd[]): void {
    const { allMatches, skip } = this.program.plan;
    if (allMatches || skip !== 'past last row') return;
    // What a match that ended early leaves of its own first row still waits.
    const own = this.program.plan.interval?.orTerminated === true ? 1 : 0;
    for (const { partition, run } of given) {
      const { beginSequence: first, endSequence: last } = run;
      const isInside = (begin: number) => begin >= first + own && begin <= last;
      this.held!.forget((end) => end.partition === partition && isInside(end.run.beginSequence));
    }
  }

  /**
   * The matches in what the data window holds, found anew.
   * @throws EplError `EPL_LIMIT` where the rows can be read in too many ways
   */
  current(): readonly Subject[] {
    if (this.contents === undefined) return [];
    const { program, host } = this;
    const partitions = new PartitionTable(program, undefined, program.plan.previous);
    const ends: MatchEnd[] = [];
    let sequence = 0;
    let open = 0;
    for (const row of this.contents()) {
      const partition = partitions.of(row, host);
      open -= partition.count;
      partition.step(row, sequence++, host.nowMs, this.tests, ends);
      open += partition.count;
      if (open + ends.length > mostIterated)
        throw new EplError('EPL_LIMIT', `the rows can be read in more than ${mostIterated} ways`);
    }
    const { allMatches, skip } = program.plan;
    const chosen = this.choose(ends);
    const shown = allMatches && skip === 'past last row' ? withoutOverlap(chosen) : chosen;
    return shown.map(({ run }) => this.rowOf(run));
  }

  /** Gives up the oldest run of a partition; false where there is none. */
  dropOldest(): boolean {
    const partition = this.partitions.busy();
    if (partition === undefined) return false;
    const { count } = partition;
    partition.dropFirst();
    this.account(partition, count);
    return true;
  }

  stop(): void {
    this.held?.stop();
  }

  private take(row: Subject, ends: MatchEnd[], stopped?: Set<number>): void {
    const { host } = this;
    const partition = this.partitions.of(row, host);
    const { count } = partition;
    const taken = partition.step(row, this.sequence++, host.nowMs, this.tests, ends, stopped);
    if (count > 0 || partition.count > 0) this.account(partition, count);
    if (taken && this.contents !== undefined) this.taken.add(row);
  }

  /** Counts the runs of a partition that had so many before. */
  private account(partition: RowPartition, before: number): void {
    const difference = partition.count - before;
    if (difference > 0) {
      try {
        this.host.retain(difference);
        this.runs += difference;
      } catch (error) {
        // No room for more: what the row has begun is given up.
        partition.truncate(before);
        this.host.failed(error);
      }
    } else if (difference < 0) {
      this.host.retain(difference);
      this.runs += difference;
    }
    if (before > 0 && partition.isEmpty) this.partitions.idle();
  }

  private choose(ends: readonly MatchEnd[]): readonly MatchEnd[] {
    const { allMatches, skip } = this.program.plan;
    return allMatches
      ? inOrderOfBegin(ends)
      : chooseMatches(ends, this.program.positions, skip === 'past last row');
  }

  private chooseHeld(ends: readonly MatchEnd[]): readonly MatchEnd[] {
    return this.program.plan.allMatches ? inOrderOfHolding(ends) : this.choose(ends);
  }

  /** Closes the runs that the skip clause leaves no room for behind a match. */
  private skip({ partition, run }: MatchEnd): void {
    const { skip } = this.program.plan;
    if (skip === 'current row') return;
    const last = skip === 'past last row' ? run.endSequence : run.beginSequence;
    const { count } = partition;
    if (count === 0) return;
    partition.keep(({ beginSequence }) => beginSequence > last);
    this.account(partition, count);
  }

  /**
   * Holds matches until the interval behind their first row is over, and tells which ones are not held. `stopped`: the
   * first rows of runs that could not go on in one of their ways, which wait no longer with `or terminated`.
   */
  private hold(ends: readonly MatchEnd[], stopped: ReadonlySet<number>): readonly MatchEnd[] {
    const { positions, plan } = this.program;
    const { period, orTerminated } = plan.interval!;
    const released = stopped.size > 0 ? this.held!.takeTerminated(stopped) : [];
    const beside = new Set(released.map(({ run }) => run.beginMs));
    const given: MatchEnd[] = [];
    for (const end of ends) {
      const dueMs = addPeriod(end.run.beginMs, period);
      // What cannot go on is given at once; a shorter match of the same first row still waits, as in Esper.
      const final = orTerminated && positions[end.run.position].next.length === 0;
      if (final || !this.held!.takes(end, dueMs, this.host.nowMs, beside)) given.push(end);
      else this.held!.add(end, dueMs);
    }
    return this.chooseHeld([...given, ...released]);
  }

  private release(ends: readonly MatchEnd[]): void {
    for (const end of ends) this.released.push(end);
    this.host.markDirty();
  }

  /** Rows have left the data window. */
  private retire(leaving: readonly Subject[]): void {
    let inOrder = true;
    for (const row of leaving) {
      const [first] = this.taken;
      if (this.taken.delete(row) && row !== first) inOrder = false;
    }
    if (!inOrder) {
      this.rebuild();
      return;
    }
    for (const row of leaving) {
      const partition = this.partitions.find(row, this.host);
      if (partition === undefined) continue;
      const { count } = partition;
      partition.keep((run) => !hasTaken(run, row));
      this.account(partition, count);
    }
  }

  /** A row was taken out of the middle: what stands in the window now is read anew, its matches were given before. */
  private rebuild(): void {
    this.partitions.clear();
    this.host.retain(-this.runs);
    this.runs = 0;
    this.taken.clear();
    this.held?.stop();
    const ends: MatchEnd[] = [];
    for (const row of this.contents!()) this.take(row, ends);
    for (const end of this.choose(ends)) this.skip(end);
  }

  private give(ends: readonly MatchEnd[]): void {
    if (ends.length > 0) this.sink(ends.map(({ run }) => this.rowOf(run)));
  }

  /** The row of the measures. */
  private rowOf(run: Run): Subject {
    const { plan, aggregated, places, makeRow, evidence } = this.program;
    const match = matchOf(run, plan);
    const groups: Group[] = aggregated.map(({ variable, Group }) => {
      const group = new Group([]);
      const rows = match[plan.variables[variable].name] as readonly Subject[] | null;
      for (const row of rows ?? []) group.enter(row, this.host);
      return group;
    });
    const values = {
      key: () => null,
      aggregate: (i: number) => groups[places[i].group].aggregate(places[i].index),
      missingKeys: noKeys,
    };
    const row = makeRow(match, values, this.host);
    if (evidence > 0) attachEvidence(row as Row, balance(rowsOf(run).map(baseEvents), evidence));
    return row;
  }

  saveOrLoad(state: StateStream): void {
    this.sequence = state.number(this.sequence);
    this.runs = state.number(this.runs);
    const runs = new RunTable(state, this.program.plan.automaton.positions.length);
    this.partitions.saveOrLoad(state, runs);
    this.held?.saveOrLoad(state, runs);
    state.eventSet(this.taken);
  }
}

const noKeys: ReadonlySet<number> = new Set();
const noBegins: ReadonlySet<number> = new Set();

/** Runs and matches while a statement is iterated: these are not counted as kept. */
const mostIterated = 1_000_000;
