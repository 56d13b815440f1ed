import { describe, expect, it } from 'vitest';
import { eventTypeOfClass, eventTypes, taxonomies, taxonomyClasses } from '../src/index.ts';

describe('the classes of types', () => {
  it.each(taxonomies)('are told apart in %s, and lead back to their types', (taxonomy) => {
    for (const type of eventTypes) {
      expect(eventTypeOfClass(taxonomy, taxonomyClasses[type][taxonomy])).toBe(type);
    }
  });

  it('are read in any case, and none is guessed', () => {
    expect(eventTypeOfClass('RSIT', 'Availability:DDoS')).toBe('dDoS');
    expect(eventTypeOfClass('rsit', 'availability:sabotage')).toBeUndefined();
    expect(eventTypeOfClass('idea', 'availability:ddos')).toBeUndefined();
  });
});
