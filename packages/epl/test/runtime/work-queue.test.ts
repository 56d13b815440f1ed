import { describe, expect, it } from 'vitest';
import { WorkQueue } from '../../src/runtime/work-queue.ts';

describe('WorkQueue', () => {
  it('serves the urgent line first, each in its order, also when it is long', () => {
    const queue = new WorkQueue<number>(10_000);
    for (let i = 0; i < 3000; i++) queue.push(i, i % 3 === 0);
    const taken = Array.from({ length: 3000 }, () => queue.shift());
    const urgent = taken.slice(0, 1000);
    expect(urgent).toEqual(Array.from({ length: 1000 }, (_, i) => 3 * i));
    expect(taken.slice(1000)).toEqual(Array.from({ length: 3000 }, (_, i) => i).filter((i) => i % 3 !== 0));
    expect(queue.length).toBe(0);
  });

  it('has room for so many and no more', () => {
    const queue = new WorkQueue<string>(2);
    queue.push('a', false);
    queue.push('b', true);
    expect(() => queue.push('c', false)).toThrow('maxQueuedRows');
    expect(queue.shift()).toBe('b');
    queue.push('c', true);
    expect([queue.shift(), queue.shift()]).toEqual(['c', 'a']);
  });
});
