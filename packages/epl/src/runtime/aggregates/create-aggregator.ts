import type { AggregatePlan } from '../../plan/plan.ts';
import { EndValue, EventValues, LatestValues, NthValue, Values } from './access.ts';
import type { Aggregator } from './aggregator.ts';
import { CountAll, CountEver, CountValues } from './count.ts';
import { Distinct } from './distinct.ts';
import { Extreme, ExtremeEver } from './extreme.ts';
import { Leaving } from './leaving.ts';
import { Rate, RateOfWindow } from './rate.ts';
import { ExtremeEventEver, SortedEvents } from './sorted.ts';
import { AverageDeviation, Median, StandardDeviation } from './statistics.ts';
import { Average, AverageInt, SumBig, SumDouble, SumInt, SumLong } from './sum.ts';
import { UserAggregator } from './user.ts';

/** A new aggregator. `leaves` tells whether events ever leave: where they don't, less is kept. */
export function createAggregator(plan: AggregatePlan, leaves: boolean): Aggregator {
  const inner = createPlain(plan, leaves);
  return plan.distinct ? new Distinct(inner) : inner;
}

function createPlain(plan: AggregatePlan, leaves: boolean): Aggregator {
  const { function: name } = plan;
  switch (name) {
    case 'count':
      return plan.argument === undefined ? new CountAll() : new CountValues();
    case 'countever':
      return new CountEver(plan.argument === undefined);
    case 'sum':
      if (plan.type === 'int') return new SumInt();
      if (plan.type === 'bigint') return new SumBig();
      return plan.type === 'long' ? new SumLong() : new SumDouble();
    case 'avg':
      return plan.argument?.type === 'int' ? new AverageInt() : new Average();
    case 'min':
    case 'max':
      return leaves ? new Extreme(name === 'max') : new ExtremeEver(name === 'max');
    case 'minever':
    case 'maxever':
      return new ExtremeEver(name === 'maxever');
    case 'median':
      return new Median();
    case 'stddev':
      return new StandardDeviation();
    case 'avedev':
      return new AverageDeviation();
    case 'first':
    case 'last':
      if (plan.byEvent === true) return new EventValues(name, plan.position);
      // Without a window a place is not counted: the first event and the last are all that is known.
      return leaves ? new Values(name, plan.position) : new EndValue(name === 'first', false);
    case 'window':
      return plan.byEvent === true ? new EventValues('window', 0) : new Values('window', 0);
    case 'nth':
      return leaves ? new NthValue(plan.position) : new LatestValues(plan.position);
    case 'rate':
      return new Rate(plan.position);
    case 'rate-of-window':
      return new RateOfWindow();
    case 'leaving':
      return new Leaving();
    case 'sorted':
      return new SortedEvents('sorted', plan.descending ?? []);
    case 'maxby':
    case 'minby':
      return leaves
        ? new SortedEvents(name, plan.descending ?? [])
        : new ExtremeEventEver(name === 'maxby', plan.descending ?? []);
    case 'maxbyever':
    case 'minbyever':
      return new ExtremeEventEver(name === 'maxbyever', plan.descending ?? []);
    case 'user':
      return new UserAggregator(plan.definition!);
    case 'firstever':
    case 'lastever':
      return new EndValue(name === 'firstever', true);
    default:
      return name satisfies never;
  }
}
