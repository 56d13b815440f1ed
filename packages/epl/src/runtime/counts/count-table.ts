import type { CountProgram } from '../../compile/count-program.ts';
import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { Group } from '../group.ts';
import { KeySlots, type SlotOwner } from '../key-slots.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

/** Numbers that each group has, and the words that they take. */
export const numbersPerGroup = 2;
const ownWords = 2 * numbersPerGroup;
/** The words of a part of a key, taken as numbers. */
const numbersPerPart = 2;

/**
 * Groups without objects of their own: a group is a slot, its key and its two numbers stand in one record, so that
 * counting an event of many groups reads little memory. What the numbers say is up to the owner.
 */
export class CountTable implements SlotOwner {
  private readonly program: CountProgram;
  private readonly owner: SlotOwner;
  private readonly slots: KeySlots;
  /** The values of the keys, by slot and part. */
  private keys: unknown[] = [];
  /** The records as numbers: those of a slot begin at {@link at}. */
  numbers: Float64Array;
  /** Whether the slot that was obtained last is a new one. */
  made = false;

  constructor(program: Program, owner: SlotOwner) {
    this.program = program.counts!;
    this.owner = owner;
    this.slots = new KeySlots(this.program.parts, ownWords, this);
    this.numbers = new Float64Array(this.slots.words.buffer);
  }

  get size(): number {
    return this.slots.size;
  }

  /** The slot of the event's group. A new group has zeros, and others may get new slots by it. */
  obtain(event: Subject, environment: Environment): number {
    const { slots } = this;
    this.program.readKeys(event, environment, slots);
    const slot = slots.find();
    this.made = slot < 0;
    return slot < 0 ? this.make() : slot;
  }

  /** Where the numbers of a slot begin. */
  at(slot: number): number {
    const { parts } = this.program;
    return slot * (parts * numbersPerPart + numbersPerGroup) + parts * numbersPerPart;
  }

  /** Forgets a group. */
  release(slot: number): void {
    const { parts } = this.program;
    this.slots.release(slot);
    for (let i = 0; i < parts; i++) this.keys[slot * parts + i] = undefined;
  }

  /** The group with so many events, as rows need it: until it is asked for the next one. */
  group(slot: number, count: number): Group {
    const { group, parts } = this.program;
    return group(this.keys, slot * parts, count);
  }

  /** Another one beside {@link group}. */
  otherGroup(slot: number, count: number): Group {
    const { otherGroup, parts } = this.program;
    return otherGroup(this.keys, slot * parts, count);
  }

  /** The group that was obtained last, by the keys of the event that is at hand: less has to be read. */
  groupAtHand(count: number): Group {
    return this.program.group(this.slots.key.values, 0, count);
  }

  /** Whether a slot has a group. */
  has(slot: number): boolean {
    return this.slots.has(slot);
  }

  renumber(numbers: Int32Array, count: number): void {
    const { keys } = this;
    const { parts } = this.program;
    for (let old = 0; old < numbers.length; old++) {
      if (numbers[old] < 0) continue;
      for (let i = 0; i < parts; i++) keys[numbers[old] * parts + i] = keys[old * parts + i];
    }
    keys.length = count * parts;
    this.owner.renumber(numbers, count);
  }

  private make(): number {
    const { slots, keys } = this;
    const { parts } = this.program;
    const slot = slots.add();
    const { values } = slots.key;
    for (let i = 0; i < parts; i++) keys[slot * parts + i] = values[i];
    if (this.numbers.buffer !== slots.words.buffer) this.numbers = new Float64Array(slots.words.buffer);
    return slot;
  }

  /** `each`: what the owner keeps in the numbers of a slot. */
  saveOrLoad(state: StateStream, each: (slot: number) => void): void {
    if (state.loading) this.keys = [];
    const { parts } = this.program;
    this.slots.saveOrLoad(state, (slot, values) => {
      if (state.loading) {
        this.numbers = new Float64Array(this.slots.words.buffer);
        while (this.keys.length < slot * parts) this.keys.push(undefined);
        for (let i = 0; i < parts; i++) this.keys[slot * parts + i] = values[i];
      }
      each(slot);
    });
  }
}
