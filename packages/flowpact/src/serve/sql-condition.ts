/** A condition of a query on the tables: no value of anybody stands in `sql`, a `?` stands for each of `texts`. */
export interface SqlCondition {
  readonly sql: string;
  readonly texts: readonly string[];
}

export const condition = (sql: string, ...texts: readonly (string | number)[]): SqlCondition => ({
  sql,
  texts: texts.map(String),
});

/** All of them; what is undefined is no condition. */
export function allOf(conditions: readonly (SqlCondition | undefined)[]): SqlCondition {
  const given = conditions.filter((each) => each !== undefined);
  if (given.length === 0) return condition('true');
  return {
    sql: given.map(({ sql }) => `(${sql})`).join(' AND '),
    texts: given.flatMap(({ texts }) => texts),
  };
}

/** A span of time of a column. */
export const withinSpan = (
  column: string,
  { fromMs, toMs }: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
): SqlCondition =>
  allOf([
    fromMs === undefined ? undefined : condition(`${column} >= make_timestamp_ms(?::BIGINT)`, fromMs),
    toMs === undefined ? undefined : condition(`${column} < make_timestamp_ms(?::BIGINT)`, toMs),
  ]);

/** A column that is equal to what was asked for, if anything was. */
export const isEqual = (column: string, value: string | undefined): SqlCondition | undefined =>
  value === undefined ? undefined : condition(`${column} = ?`, value);
