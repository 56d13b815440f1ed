import type { DerivedMeasure } from '../../plan/window-plan.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';

/** Running numbers about what a window holds. */
export interface Measure extends Stateful {
  enter(values: readonly (number | null)[]): void;
  leave(values: readonly (number | null)[]): void;
  /** The values of the measure's columns, by their names. */
  values(): Readonly<Record<string, number>>;
}

export function createMeasure(kind: DerivedMeasure): Measure {
  switch (kind) {
    case 'size':
      return new Size();
    case 'uni':
      return new Univariate();
    case 'linest':
    case 'correl':
      return new Bivariate(kind);
    case 'weighted_avg':
      return new WeightedAverage();
    default:
      return kind satisfies never;
  }
}

class Size implements Measure {
  private size = 0;

  enter(): void {
    this.size++;
  }

  leave(): void {
    this.size--;
  }

  values() {
    return { size: this.size };
  }

  saveOrLoad(state: StateStream): void {
    this.size = state.number(this.size);
  }
}

/** Count, sum and sum of squares of one number, and what follows from them. NaN where too few points came. */
class Moments {
  count = 0;
  sum = 0;
  squares = 0;

  enter(value: number): void {
    this.count++;
    this.sum += value;
    this.squares += value * value;
  }

  leave(value: number): void {
    this.count--;
    this.sum -= value;
    this.squares -= value * value;
    // Starting afresh also takes away what rounding has left.
    if (this.count === 0) this.sum = this.squares = 0;
  }

  get average(): number {
    return this.count === 0 ? Number.NaN : this.sum / this.count;
  }

  /** The sum of the squared distances from the average. */
  get spread(): number {
    return this.squares - (this.sum * this.sum) / this.count;
  }

  get variance(): number {
    return this.count < 2 ? Number.NaN : this.spread / (this.count - 1);
  }

  get sampleDeviation(): number {
    return Math.sqrt(this.variance);
  }

  get populationDeviation(): number {
    return this.count === 0 ? Number.NaN : Math.sqrt(this.spread / this.count);
  }

  saveOrLoad(state: StateStream): void {
    this.count = state.number(this.count);
    this.sum = state.number(this.sum);
    this.squares = state.number(this.squares);
  }
}

class Univariate implements Measure {
  private readonly x = new Moments();

  enter([x]: readonly (number | null)[]): void {
    if (x !== null) this.x.enter(x);
  }

  leave([x]: readonly (number | null)[]): void {
    if (x !== null) this.x.leave(x);
  }

  values() {
    const { x } = this;
    return {
      datapoints: x.count,
      total: x.sum,
      stddev: x.sampleDeviation,
      variance: x.variance,
      average: x.average,
      stddevpa: x.populationDeviation,
    };
  }

  saveOrLoad(state: StateStream): void {
    this.x.saveOrLoad(state);
  }
}

/** Least squares of y over x, and the correlation of the two. */
class Bivariate implements Measure {
  private readonly kind: 'linest' | 'correl';
  private readonly x = new Moments();
  private readonly y = new Moments();
  private products = 0;

  constructor(kind: 'linest' | 'correl') {
    this.kind = kind;
  }

  enter([x, y]: readonly (number | null)[]): void {
    if (x === null || y === null) return;
    this.x.enter(x);
    this.y.enter(y);
    this.products += x * y;
  }

  leave([x, y]: readonly (number | null)[]): void {
    if (x === null || y === null) return;
    this.x.leave(x);
    this.y.leave(y);
    this.products -= x * y;
    if (this.x.count === 0) this.products = 0;
  }

  values(): Readonly<Record<string, number>> {
    const { x, y } = this;
    const common = this.products - (x.sum * y.sum) / x.count;
    if (this.kind === 'correl') {
      const spread = x.spread * y.spread;
      return { correlation: x.count === 0 || spread === 0 ? Number.NaN : common / Math.sqrt(spread) };
    }
    const slope = x.count === 0 || x.spread === 0 ? Number.NaN : common / x.spread;
    return {
      slope,
      YIntercept: y.average - slope * x.average,
      XAverage: x.average,
      XStandardDeviationPop: x.populationDeviation,
      XStandardDeviationSample: x.sampleDeviation,
      XSum: x.sum,
      XVariance: x.variance,
      YAverage: y.average,
      YStandardDeviationPop: y.populationDeviation,
      YStandardDeviationSample: y.sampleDeviation,
      YSum: y.sum,
      YVariance: y.variance,
      dataPoints: x.count,
      n: x.count,
      sumX: x.sum,
      sumXSq: x.squares,
      sumXY: this.products,
      sumY: y.sum,
      sumYSq: y.squares,
    };
  }

  saveOrLoad(state: StateStream): void {
    this.x.saveOrLoad(state);
    this.y.saveOrLoad(state);
    this.products = state.number(this.products);
  }
}

class WeightedAverage implements Measure {
  private weighted = 0;
  private weights = 0;
  private count = 0;

  enter([x, weight]: readonly (number | null)[]): void {
    if (x === null || weight === null) return;
    this.weighted += x * weight;
    this.weights += weight;
    this.count++;
  }

  leave([x, weight]: readonly (number | null)[]): void {
    if (x === null || weight === null) return;
    this.weighted -= x * weight;
    this.weights -= weight;
    if (--this.count === 0) this.weighted = this.weights = 0;
  }

  values() {
    return { average: this.weights === 0 ? Number.NaN : this.weighted / this.weights };
  }

  saveOrLoad(state: StateStream): void {
    this.weighted = state.number(this.weighted);
    this.weights = state.number(this.weights);
    this.count = state.number(this.count);
  }
}
