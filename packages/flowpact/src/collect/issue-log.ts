/** Distinct kinds of trouble told of; more are only counted. */
const maxKinds = 100;

export interface IssueLog {
  /** Tells the first of each kind from each place; counts the others. */
  add(place: string, code: string, message: string, times?: number): void;
  /** Says how often each kind that came more than once did. */
  summarise(): void;
}

/** Trouble with the input, on standard error: told once for each kind, so that a bad exporter does not flood. */
export function createIssueLog(
  print: (text: string) => void = (text) => console.error(`flowpact: ${text}`),
): IssueLog {
  const counts = new Map<string, number>();
  let others = 0;
  return {
    add(place, code, message, times = 1) {
      const key = `${place}: ${code}`;
      const count = counts.get(key) ?? 0;
      if (count === 0 && counts.size >= maxKinds) {
        others += times;
        return;
      }
      counts.set(key, count + times);
      if (count === 0) print(`${place}: ${message} [${code}]`);
    },
    summarise() {
      for (const [key, count] of counts) {
        if (count > 1) print(`${key}: ${count.toLocaleString('en-US')} times in all`);
      }
      if (others > 0) print(`${others.toLocaleString('en-US')} further problems of other kinds`);
    },
  };
}
